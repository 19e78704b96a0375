package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import org.junit.jupiter.api.Test;

/** What clients and operators are told of a connection that failed. */
class ConnectionFailureTest {
  @Test
  void callsOfTheSystemAreNobodysBusiness() {
    String refused = "Connection refused: localhost/127.0.0.1:9999";
    ConnectException failure =
        new ConnectException("finishConnect(..) failed with error(-111): " + refused);
    assertThat(ConnectionFailure.beforeSending(failure).detail())
        .isEqualTo("No connection to the job server: " + refused);
  }
}
