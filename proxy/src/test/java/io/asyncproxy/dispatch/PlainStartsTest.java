package io.asyncproxy.dispatch;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class PlainStartsTest extends StartsContract {
  @Override
  Starts starts(Vertx vertx, Exchange.Terms terms) {
    return new PlainStarts(vertx, terms);
  }

  @Test
  void connectionThatShouldBeClosedByNowIsNotUsed() throws Exception {
    assertNotUsedAgainAfter("Keep-Alive: timeout=0");
  }
}
