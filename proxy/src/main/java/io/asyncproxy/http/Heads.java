package io.asyncproxy.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/** The header fields of requests. */
public final class Heads {
  private Heads() {}

  /**
   * What {@code request} said is known by now: while it is held its header fields, which are the
   * larger part of it, need no memory. Its answer depends on {@code Origin} alone.
   */
  public static void forget(HttpServerRequest request) {
    MultiMap headers = request.headers();
    String origin = headers.get(Cors.ORIGIN);
    headers.clear();
    if (origin != null) {
      headers.set(Cors.ORIGIN, origin);
    }
  }
}
