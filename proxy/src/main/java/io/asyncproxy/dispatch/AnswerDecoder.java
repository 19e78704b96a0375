package io.asyncproxy.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Reads answers, and knows of what came after one but is no whole answer yet: nobody asked for it,
 * and it would be taken for the beginning of the next.
 */
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEAD = 8192;
  private static final int LONGEST_CHUNK = 65_536;

  private boolean begun;

  AnswerDecoder() {
    super(LONGEST_LINE, LONGEST_HEAD, LONGEST_CHUNK);
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    begun = true;
    return super.createMessage(initialLine);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    super.decode(context, buffer, out);
    if (!out.isEmpty() && out.getLast() instanceof LastHttpContent) {
      begun = false;
    }
  }

  /** Whether nothing of a further answer has come. */
  boolean isClean() {
    return !begun && actualReadableBytes() == 0;
  }
}
