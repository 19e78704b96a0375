package io.asyncproxy.dispatch;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainStartsTest extends StartsContract {
  @Override
  Starts starts(Vertx vertx, Exchange.Terms terms) {
    return new PlainStarts(vertx, terms);
  }

  @Test
  void connectionThatShouldBeClosedByNowIsNotUsed() throws Exception {
    assertNotUsedAgainAfter("Keep-Alive: timeout=0");
  }

  @Test
  void connectionThatMayBeClosedAtAnyMomentIsNotUsed() throws Exception {
    assertNotUsedAgainAfter("Keep-Alive: timeout=1");
  }

  /** Each would be taken for the beginning of the next answer. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\n\r"})
  void connectionWithAPieceOfAnAnswerThatNobodyAskedForIsNotUsed(String piece) throws Exception {
    assertNotUsedAgainWith(piece);
  }
}
