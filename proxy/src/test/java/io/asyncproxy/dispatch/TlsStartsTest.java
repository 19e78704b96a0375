package io.asyncproxy.dispatch;

import io.vertx.core.Vertx;

/** Over bare TCP, as its client would go without TLS; {@code JobServerTlsTest} has the rest. */
class TlsStartsTest extends StartsContract {
  @Override
  Starts starts(Vertx vertx, Exchange.Terms terms) {
    return new TlsStarts(JobServerClient.client(vertx, terms.settings()), terms);
  }
}
