package io.asyncproxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1 requests as strictly as RFC 9112 allows, because what two readers understand
 * differently is how requests are smuggled. Netty's decoder refuses most of it: both lengths,
 * differing ones, line ends other than CRLF, bad chunks. This one refuses what that lets through:
 * folded lines, nameless headers, codings other than {@code chunked}, no {@code Host} or several,
 * and too many headers. After a refusal nothing is read any more. Of one connection.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
  /** Why a request is refused, for its sender. No stack trace: it is an answer. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String mistake) {
      super(mistake, null, false, false);
    }
  }

  /**
   * What a header line is gathered in at first; it grows to the longest one, and stays with the
   * connection.
   */
  private static final int LINE_BYTES = 64;

  private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

  private static final Http1ServerConfig CONFIG =
      new Http1ServerConfig()
          .setMaxHeaderSize(HttpLimits.HEADER_BYTES)
          .setDecoderInitialBufferSize(LINE_BYTES);

  private final HeadDeadline deadline;
  private boolean inHead = true;
  private boolean lineRead;
  private boolean refused;
  private int headers;

  /** One that tells {@code deadline} of heads; it is before this in the pipeline. */
  RequestDecoder(HeadDeadline deadline) {
    super(CONFIG);
    this.deadline = deadline;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (inHead && isFolded(in)) {
      refuse(in, out, createInvalidMessage(), "a header line is folded");
      return;
    }
    int known = out.size();
    super.decode(context, in, out);
    for (int i = known; i < out.size(); i++) {
      decoded(in, out, out.get(i));
    }
    watchHead(in);
  }

  private void decoded(ByteBuf in, List<Object> out, Object message) {
    if (message instanceof HttpRequest request) {
      inHead = false;
      deadline.ended(); // the next head may have begun in the same bytes, and has its own
      String protocol = request.headers().get(HttpHeaderNames.UPGRADE);
      if (protocol != null && !isUpgrade(request, protocol)) {
        request.headers().remove(HttpHeaderNames.UPGRADE);
      }
      String mistake = request.decoderResult().isSuccess() ? mistake(request) : null;
      if (mistake != null) {
        // In the client's own version, which Vert.x answers 501 unless it knows it.
        refuse(in, out, isKnown(request) ? request : createInvalidMessage(), mistake);
      }
      if (request
          .headers()
          .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
        // Vert.x would not see it among other options (RFC 9112, section 9.6).
        request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      if (request.decoderResult().isFailure()) {
        // Vert.x would change to HTTP/2 without looking at the result.
        request.headers().remove(HttpHeaderNames.UPGRADE);
      }
    }
    if (message instanceof LastHttpContent) {
      inHead = true;
      lineRead = false;
    }
  }

  /**
   * Whether it says so as Vert.x wants it, which else answers a bare 400; who does not is answered
   * as if there was no wish (RFC 9110, section 7.8).
   */
  private static boolean isUpgrade(HttpRequest request, String protocol) {
    HttpHeaders headers = request.headers();
    String options = headers.get(HttpHeaderNames.CONNECTION, "");
    boolean settings =
        !protocol.equalsIgnoreCase("h2c")
            || (headers.contains(HTTP2_SETTINGS) && hasOption(options, HTTP2_SETTINGS));
    return settings
        && hasOption(options, HttpHeaderValues.UPGRADE)
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  private static boolean hasOption(String options, CharSequence option) {
    return Arrays.stream(options.split(",", -1))
        .anyMatch(one -> AsciiString.contentEqualsIgnoreCase(one.strip(), option));
  }

  /** Whatever came with or after it is not looked at. */
  private void refuse(ByteBuf in, List<Object> out, HttpMessage message, String mistake) {
    refused = true;
    in.skipBytes(in.readableBytes());
    message.setDecoderResult(DecoderResult.failure(new Refused(mistake)));
    out.clear();
    out.add(message);
  }

  /** RFC 9112, section 5.2. Whole lines are taken each time, so that this begins with one. */
  private boolean isFolded(ByteBuf in) {
    int at = lineRead ? in.readerIndex() : requestLine(in);
    int end = in.writerIndex();
    boolean header = lineRead;
    while (at < end) {
      byte first = in.getByte(at);
      if (header && (first == ' ' || first == '\t')) {
        return true;
      }
      int lineEnd = in.indexOf(at, end, (byte) '\n');
      if (lineEnd < 0 || first == '\r' || first == '\n') {
        return false; // no more lines, or the empty one behind the last header
      }
      at = lineEnd + 1;
      header = true;
    }
    return false;
  }

  /** Where the request line begins, which empty lines may precede. */
  private static int requestLine(ByteBuf in) {
    int at = in.readerIndex();
    while (at < in.writerIndex() && in.getByte(at) <= ' ') {
      at++;
    }
    return at;
  }

  @Override
  protected HttpMessage createMessage(String[] requestLine) {
    lineRead = true;
    headers = 0;
    return super.createMessage(requestLine);
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    headers++;
    if (headers > HttpLimits.HEADERS) {
      throw new TooLongHttpHeaderException("more than " + HttpLimits.HEADERS + " headers");
    }
    if (length == 0) {
      throw new Refused("a header has no name");
    }
    return super.splitHeaderName(line, start, length);
  }

  /** As Vert.x does: by identity, because {@code HTTP/01.1} is equal too. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isKnown(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
  }

  private static @Nullable String mistake(HttpRequest request) {
    if (!isKnown(request)) {
      return "the version is neither HTTP/1.1 nor HTTP/1.0";
    }
    HttpHeaders headers = request.headers();
    String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      return "the transfer coding is not chunked";
    }
    return hostMistake(headers, request.protocolVersion().equals(HttpVersion.HTTP_1_0));
  }

  /** RFC 9112, section 3.2; stricter where HTTP/2 is wanted, which has no empty authority. */
  private static @Nullable String hostMistake(HttpHeaders headers, boolean old) {
    boolean upgrade = headers.contains(HttpHeaderNames.UPGRADE);
    Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return old && !upgrade ? null : "Host is missing";
    }
    if (hosts.next().isEmpty() && upgrade) {
      return "Host is empty";
    }
    return hosts.hasNext() ? "Host is given more than once" : null;
  }

  /** Only a head that did not come in one piece costs a timer. */
  private void watchHead(ByteBuf in) {
    if (inHead && (lineRead || in.isReadable())) {
      deadline.begun();
    } else {
      deadline.ended();
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    context.pipeline().remove(deadline);
    super.handlerRemoved0(context);
  }
}
