package io.asyncproxy.cli;

import io.asyncproxy.AsyncProxy;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** What commands run on that are no proxy. */
final class CommandVertx {
  private CommandVertx() {}

  /** One without a temporary folder, which would be left by a command that is killed. */
  static Vertx start() {
    return Vertx.vertx(new VertxOptions().setFileSystemOptions(AsyncProxy.noFolder()));
  }
}
