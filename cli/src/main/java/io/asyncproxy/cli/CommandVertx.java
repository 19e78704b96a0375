package io.asyncproxy.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** What commands run on that are no proxy. */
final class CommandVertx {
  private CommandVertx() {}

  /** One without a temporary folder, which would be left by a command that is killed. */
  static Vertx start() {
    return Vertx.vertx(
        new VertxOptions()
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false)));
  }
}
