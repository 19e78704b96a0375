package io.asyncproxy.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/**
 * A request that Vert.x has read, and answers: of any HTTP.
 *
 * @param vertx Vert.x' own view of it, by which its body arrives and an answer goes out in pieces
 */
public record VertxRequest(HttpServerRequest vertx) implements Request {
  @Override
  public HttpMethod method() {
    return vertx.method();
  }

  @Override
  public String path() {
    String path = vertx.path();
    return path == null ? "" : path;
  }

  @Override
  public @Nullable String query() {
    return vertx.query();
  }

  @Override
  public MultiMap params() {
    return vertx.params();
  }

  @Override
  public @Nullable HostAndPort authority() {
    return vertx.authority();
  }

  @Override
  public MultiMap headers() {
    return vertx.headers();
  }

  boolean isHttp2() {
    return vertx.version() == HttpVersion.HTTP_2;
  }

  @Override
  public void forgetHeaders() {
    MultiMap headers = vertx.headers();
    String origin = headers.get(Cors.ORIGIN);
    headers.clear();
    if (origin != null) {
      headers.set(Cors.ORIGIN, origin);
    }
  }

  @Override
  public boolean isClosed() {
    return vertx.response().closed();
  }

  @Override
  public void onClosed(Runnable left) {
    vertx.response().closeHandler(_ -> left.run());
  }

  @Override
  public void answer(Reply reply) {
    HttpServerResponse response = vertx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    if (reply.contentType().isEmpty()) {
      response.end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, reply.contentType());
    if (vertx.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(reply.body().length));
      response.end();
    } else {
      response.end(wrap(reply.body()));
    }
  }

  /** The bytes themselves, not a copy. */
  private static Buffer wrap(byte[] bytes) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
  }
}
