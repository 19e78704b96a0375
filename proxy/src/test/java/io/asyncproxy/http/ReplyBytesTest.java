package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyBytesTest {
  private static String text(Reply reply) {
    ByteBuf bytes = ReplyBytes.of(reply, UnpooledByteBufAllocator.DEFAULT);
    try {
      return bytes.toString(ISO_8859_1);
    } finally {
      bytes.release();
    }
  }

  @Test
  void headAndBodyInOnePiece() {
    Reply reply = Reply.json(200, "{}".getBytes(ISO_8859_1)).header("Job-Id", "j");
    assertThat(text(reply))
        .isEqualTo(
            "HTTP/1.1 200 OK\r\nJob-Id: j\r\ncontent-type: application/json\r\n"
                + "content-length: 2\r\n\r\n{}");
  }

  /** RFC 9110, section 8.6: none with 204. */
  @Test
  void onlyAnswersThatHaveABodyHaveALength() {
    assertThat(text(Reply.empty(204))).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
    assertThat(text(Reply.empty(404)))
        .isEqualTo("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\u0000b"})
  void valueThatWouldBeMoreThanAValueIsNotSent(String value) {
    assertThatThrownBy(() -> text(Reply.empty(200).header("X", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("X");
  }

  @Test
  void nameThatIsNoneIsNotSent() {
    assertThatThrownBy(() -> text(Reply.empty(200).header("a b", "c")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
