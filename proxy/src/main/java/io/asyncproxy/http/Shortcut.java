package io.asyncproxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of most requests on an HTTP/1.1 connection: what {@code POST /proxy} and callbacks mostly
 * are, short, plain, and there as a whole, goes from Netty's decoder to its endpoint, and its
 * answer to the client. Whatever is more than that goes on to Vert.x, as does everything while
 * Vert.x has a request to answer, and everything behind a request that ends or changes the
 * connection. So requests are answered in their order (RFC 9112, section 9.3.2), and little is read
 * beyond the one that is being answered; nothing, by Vert.x' own rules, where the client does not
 * read its answers. Of one connection.
 */
@SuppressWarnings("NullAway.Init") // Netty adds a handler before it uses it
final class Shortcut extends ChannelDuplexHandler {

  /** Told of each request that is taken here. */
  interface Activity {
    /** One has come in. */
    void begin();

    /** It was answered. */
    void end();
  }

  /** How many messages wait until no more are read, two for most requests. */
  private static final int MOST_WAITING = 16;

  private final ContextInternal loop;
  private final Activity activity;
  private final Consumer<Request> endpoint;

  /** What came behind a request that is not answered yet. */
  private @Nullable Queue<Object> waiting;

  /** A request whose body is what comes next. */
  private @Nullable HttpRequest head;

  /** The request that waits for its answer here. */
  private @Nullable ShortRequest held;

  private ChannelHandlerContext own;

  /** What is written here goes past Vert.x' encoder. */
  private ChannelHandlerContext encoder;

  /** How many requests Vert.x has to answer. */
  private int passedOn;

  /** Whether what Vert.x is writing is no answer yet, but 100 or the like. */
  private boolean interim;

  private Shortcut(ContextInternal loop, Activity activity, Consumer<Request> endpoint) {
    this.loop = loop;
    this.activity = activity;
    this.endpoint = endpoint;
  }

  /** Opens the way of {@code connection} to {@code endpoint}, where it is HTTP/1. */
  static void open(HttpConnection connection, Activity activity, Consumer<Request> endpoint) {
    ConnectionBase vertx = (ConnectionBase) connection;
    ChannelPipeline pipeline = vertx.channel().pipeline();
    boolean isHttp1 = pipeline.get(HttpResponseEncoder.class) != null;
    // It counts requests and their answers, and would miss those from here.
    boolean isCounted = pipeline.get(WebSocketServerExtensionHandler.class) != null;
    if (isHttp1 && !isCounted) {
      pipeline.addBefore(
          pipeline.context(VertxHandler.class).name(),
          "shortcut",
          new Shortcut(vertx.context(), activity, endpoint));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    own = context;
    encoder = context.pipeline().context(HttpResponseEncoder.class);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (waiting != null || isBlocked(message)) {
      waitBehind(context, message);
    } else {
      take(context, message);
    }
  }

  private boolean isBlocked(@Nullable Object message) {
    return held != null && message instanceof HttpRequest;
  }

  private void waitBehind(ChannelHandlerContext context, Object message) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
    }
    waiting.add(message);
    if (waiting.size() >= MOST_WAITING) {
      context.channel().config().setAutoRead(false);
    }
  }

  private void take(ChannelHandlerContext context, Object message) {
    if (head != null) {
      HttpRequest begun = head;
      head = null;
      takeBody(context, begun, message);
    } else if (message instanceof HttpRequest request) {
      takeHead(context, request);
    } else {
      context.fireChannelRead(message);
    }
  }

  private void takeHead(ChannelHandlerContext context, HttpRequest request) {
    if (passedOn == 0 && context.channel().isWritable() && isShort(request)) {
      head = request;
      return;
    }
    passedOn++;
    if (endsOrChanges(request) && !context.isRemoved()) {
      context.pipeline().remove(this); // what still waits here goes on as well
    }
    context.fireChannelRead(request);
  }

  private void takeBody(ChannelHandlerContext context, HttpRequest request, Object message) {
    if (request.headers() instanceof MultiMap headers
        && message instanceof LastHttpContent whole
        && whole.decoderResult().isSuccess()) {
      byte[] body = ByteBufUtil.getBytes(whole.content());
      whole.release();
      ShortRequest taken = new ShortRequest(this, request.uri(), headers, body);
      held = taken;
      activity.begin();
      loop.dispatch(taken, endpoint::accept);
    } else {
      passedOn++;
      context.fireChannelRead(request);
      context.fireChannelRead(message);
    }
  }

  private static boolean isShort(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String target = request.uri();
    return request.decoderResult().isSuccess()
        && request.method().equals(HttpMethod.POST)
        && !(request instanceof HttpContent)
        && target.startsWith("/")
        && target.indexOf('?') < 0
        && target.indexOf('#') < 0
        && headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        && !headers.contains(HttpHeaderNames.EXPECT)
        && !endsOrChanges(request);
  }

  /** Anything but a request of HTTP/1.1 that wants its connection to stay what it is. */
  private static boolean endsOrChanges(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        || request.decoderResult().isFailure()
        || headers.contains(HttpHeaderNames.UPGRADE)
        || (headers.contains(HttpHeaderNames.CONNECTION)
            && !isKeepAlive(headers.getAll(HttpHeaderNames.CONNECTION)));
  }

  private static boolean isKeepAlive(List<String> options) {
    return options.size() == 1 && options.getFirst().equalsIgnoreCase("keep-alive");
  }

  /** A request whose body has not come with it takes its time, which Vert.x' way is watched for. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    passOnHead(context);
    context.fireChannelReadComplete();
  }

  private void passOnHead(ChannelHandlerContext context) {
    if (head != null) {
      HttpRequest begun = head;
      head = null;
      passedOn++;
      context.fireChannelRead(begun);
    }
  }

  /** What Vert.x answers. */
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    if (message instanceof LastHttpContent && !interim) {
      passedOn--;
    }
    context.write(message, promise);
  }

  /** Whether {@code request} is waiting for its answer here. */
  @SuppressWarnings("ReferenceEquality")
  boolean holds(ShortRequest request) {
    return held == request;
  }

  /** Answers {@code request}, unless its client has gone or has its answer; on any thread. */
  void answer(ShortRequest request, Reply reply) {
    if (!own.executor().inEventLoop()) {
      own.executor().execute(() -> answer(request, reply));
    } else if (holds(request)) {
      write(bytes(reply));
      if (waiting != null) {
        goOn(own, waiting);
      }
    }
  }

  /** Who can't be answered for lack of memory is let go. */
  private ByteBuf bytes(Reply reply) {
    try {
      return ReplyBytes.of(reply, own.alloc());
    } catch (Error failure) {
      own.close();
      throw failure;
    }
  }

  private void write(ByteBuf answer) {
    held = null;
    encoder.writeAndFlush(answer, own.voidPromise());
    activity.end();
  }

  /**
   * One after the other, and never one within the other, as there may be hundreds: whoever is
   * answered meanwhile finds nothing waiting. Reading goes on first, since Vert.x may stop it.
   */
  private void goOn(ChannelHandlerContext context, Queue<Object> behind) {
    waiting = null;
    context.channel().config().setAutoRead(true);
    while (!behind.isEmpty() && !isBlocked(behind.peek())) {
      take(context, behind.remove());
    }
    if (!behind.isEmpty()) {
      waiting = behind;
    }
    if (behind.size() >= MOST_WAITING) {
      context.channel().config().setAutoRead(false);
    }
    channelReadComplete(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ShortRequest left = held;
    held = null;
    drop();
    try {
      if (left != null) {
        left.leave();
      }
    } finally {
      context.fireChannelInactive();
    }
  }

  private void drop() {
    Queue<Object> unread = waiting;
    waiting = null;
    if (unread != null) {
      unread.forEach(ReferenceCountUtil::release);
    }
  }
}
