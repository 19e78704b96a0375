package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused is refused wherever the network cuts it, and nothing comes behind it. */
class RequestDecoderTest {
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void badRequestIsRefusedHoweverItIsCut(String bad) {
    for (List<String> pieces : cuts(bad + NEXT)) {
      List<HttpRequest> requests = decoded(pieces);
      assertThat(requests).as(pieces::toString).hasSize(1);
      assertThat(requests.getFirst().decoderResult().isFailure()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: h\r\nX: a b\r\nY:\r\n\r\n",
        "\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n{\n \n\t\n }",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\n {}\r\n0\r\nX: y\r\n\r\n"
      })
  void goodRequestAndTheNextAreReadHoweverTheyAreCut(String good) {
    for (List<String> pieces : cuts(good + NEXT)) {
      List<HttpRequest> requests = decoded(pieces);
      assertThat(requests).as(pieces::toString).hasSize(2);
      assertThat(requests).allMatch(request -> request.decoderResult().isSuccess());
    }
  }

  /** In two pieces at each place, and in single bytes. */
  private static List<List<String>> cuts(String bytes) {
    List<List<String>> cuts = new ArrayList<>();
    IntStream.range(0, bytes.length())
        .forEach(at -> cuts.add(List.of(bytes.substring(0, at), bytes.substring(at))));
    cuts.add(bytes.chars().mapToObj(Character::toString).toList());
    return cuts;
  }

  private static List<HttpRequest> decoded(List<String> pieces) {
    HeadDeadline deadline = new HeadDeadline(Duration.ofMinutes(1));
    EmbeddedChannel channel = new EmbeddedChannel(deadline, new RequestDecoder(deadline));
    List<HttpRequest> requests = new ArrayList<>();
    for (String piece : pieces) {
      channel.writeInbound(Unpooled.copiedBuffer(piece, ISO_8859_1));
      for (Object message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        if (message instanceof HttpRequest request) {
          requests.add(request);
        }
        ReferenceCountUtil.release(message);
      }
    }
    channel.finishAndReleaseAll();
    return requests;
  }
}
