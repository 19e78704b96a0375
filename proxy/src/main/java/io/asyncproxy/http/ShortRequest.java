package io.asyncproxy.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/** A request that came as a whole, and took the {@link Shortcut}. */
final class ShortRequest implements Request {
  private static final MultiMap NOTHING = HttpHeaders.headers().copy(false);
  private static final byte[] NO_BODY = {};

  private final Shortcut connection;
  private final String path;
  private MultiMap headers;
  private byte[] body;
  private @Nullable Runnable left;

  ShortRequest(Shortcut connection, String path, MultiMap headers, byte[] body) {
    this.connection = connection;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  @Override
  public HttpMethod method() {
    return HttpMethod.POST;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String query() {
    return null;
  }

  @Override
  public MultiMap params() {
    return NOTHING;
  }

  @Override
  public @Nullable HostAndPort authority() {
    String host = header(HttpHeaders.HOST);
    return host == null ? null : HostAndPort.parseAuthority(host, -1);
  }

  @Override
  public MultiMap headers() {
    return headers;
  }

  @Override
  public void forgetHeaders() {
    String origin = header(Cors.ORIGIN);
    headers = origin == null ? NOTHING : HttpHeaders.set(Cors.ORIGIN, origin);
  }

  /** Its body, once: while it is held it needs none. */
  byte[] takeBody() {
    byte[] taken = body;
    body = NO_BODY;
    return taken;
  }

  @Override
  public boolean isClosed() {
    return !connection.holds(this);
  }

  @Override
  public void onClosed(Runnable run) {
    left = run;
  }

  /** Its client has gone. */
  void leave() {
    if (left != null) {
      left.run();
    }
  }

  @Override
  public void answer(Reply reply) {
    connection.answer(this, reply);
  }
}
