package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.RawHttp2.Frame;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one HTTP/2 connection may do, and that the others are served whatever it does. */
class Http2LimitsTest {
  private static final int STREAMS = 1_024;
  private static final int RESETS = 10_240;
  private static final int HEADER_BYTES = 8_192;
  private static final int HEADER_LIST_BYTES = 10_240;
  private static final int STATUS_200 = 0x88; // RFC 7541, appendix A
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;

  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    proxy = new RunningProxy(Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
  }

  private void assertServed() throws Exception {
    assertThat(proxy.get("/health").statusCode()).isEqualTo(200);
    try (RawHttp2 other = new RawHttp2(proxy.port())) {
      assertAnswered(other, 1);
    }
  }

  private static void assertAnswered(RawHttp2 client, int stream) throws IOException {
    client.get(stream, "/health", 0);
    client.flush();
    assertThat(client.next(f -> f.is(RawHttp2.HEADERS) && f.stream() == stream)).isPresent();
  }

  @Test
  void limitsAreToldToClients() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      assertThat(client.settings())
          .containsEntry(3, STREAMS) // MAX_CONCURRENT_STREAMS
          .containsEntry(6, HEADER_LIST_BYTES) // MAX_HEADER_LIST_SIZE
          .doesNotContainKey(4); // INITIAL_WINDOW_SIZE: 65,535 where nothing is said
    }
  }

  @Test
  void oneStreamMoreThanAllowedIsRefusedAndTheOthersStay() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      client.settings();
      int last = 2 * STREAMS + 1;
      for (int stream = 1; stream <= last; stream += 2) {
        client.beginPost(stream, "/proxy");
      }
      client.flush();

      Frame refused = client.next(f -> f.is(RawHttp2.RST_STREAM)).orElseThrow();
      assertThat(refused.stream()).isEqualTo(last);
      assertThat(refused.number(0)).isEqualTo(REFUSED_STREAM);
      client.reset(1);
      assertAnswered(client, last + 2);
      assertServed();
    }
  }

  @Test
  void leavingClientsOfALoadBalancerDoNotCostTheOthersTheirConnection() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      client.settings();
      int next = beginAndReset(client, 1, RESETS);
      assertAnswered(client, next);
      Eventually.that(() -> assertThat(proxy.proxy().deadlines()).isEqualTo(1)); // idle
    }
  }

  @Test
  void endlessResetsEndTheConnection() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      client.settings();
      try {
        beginAndReset(client, 1, 2 * RESETS);
      } catch (IOException closed) {
        // Even better.
      }

      Optional<Frame> end = client.next(f -> f.is(RawHttp2.GOAWAY));
      assertThat(end).hasValueSatisfying(f -> assertThat(f.number(4)).isEqualTo(ENHANCE_YOUR_CALM));
      assertThat(client.next(_ -> false)).isEmpty();
      assertServed();
    }
  }

  private static int beginAndReset(RawHttp2 client, int from, int count) throws IOException {
    int stream = from;
    for (int i = 0; i < count; i++, stream += 2) {
      client.beginPost(stream, "/proxy");
      client.reset(stream);
    }
    client.flush();
    return stream;
  }

  @Test
  void tooLongHeadersAreRefusedAndTheConnectionStays() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      client.get(1, "/health", HEADER_LIST_BYTES);
      client.flush();

      Frame answer = client.next(f -> f.stream() == 1).orElseThrow();
      assertThat(answer.is(RawHttp2.HEADERS)).isTrue();
      assertThat(new String(answer.payload(), java.nio.charset.StandardCharsets.ISO_8859_1))
          .contains("431");
      assertAnswered(client, 3);
    }
  }

  @Test
  void muchTooLongHeadersEndTheConnection() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      client.get(1, "/health", HEADER_LIST_BYTES * 5 / 4);
      client.flush();

      assertThat(client.next(f -> f.is(RawHttp2.GOAWAY))).isPresent();
      assertThat(client.next(_ -> false)).isEmpty();
      assertServed();
    }
  }

  @Test
  void headersThatHttp1TakesAreTaken() throws Exception {
    try (RawHttp2 client = new RawHttp2(proxy.port())) {
      client.get(1, "/health", HEADER_BYTES);
      client.flush();

      Frame answer = client.next(f -> f.stream() == 1).orElseThrow();
      assertThat(answer.headerBlock()[0] & 0xff).isEqualTo(STATUS_200);
    }
  }

  @Test
  void tooLongHeadersAreRefusedInHttp1Alike() throws Exception {
    assertThat(proxy.get("/health", "x-padding", "p".repeat(HEADER_BYTES)).statusCode())
        .isEqualTo(431);
    assertThat(proxy.get("/health", "x-padding", "p".repeat(HEADER_BYTES / 2)).statusCode())
        .isEqualTo(200);
  }
}
