package io.asyncproxy.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/** A request, whatever it came in by, and its client, who waits for one answer. Of one loop. */
public sealed interface Request permits VertxRequest, ShortRequest {

  /** Its method. */
  HttpMethod method();

  /** The path, as it was sent; empty where there is none. */
  String path();

  /** What is behind the question mark, percent-encoded; null where there is none. */
  @Nullable String query();

  /** The parameters of the query, decoded. */
  MultiMap params();

  /** Who was asked: {@code Host}, or {@code :authority}; null where that is none. */
  @Nullable HostAndPort authority();

  /** The header fields. */
  MultiMap headers();

  /** The first value of a header field, by its name in any case. */
  default @Nullable String header(CharSequence name) {
    return headers().get(name);
  }

  /**
   * What it said is known by now: while it is held its header fields, which are the larger part of
   * it, need no memory. Its answer depends on {@code Origin} alone.
   */
  void forgetHeaders();

  /** Whether nobody is there any more to be answered. */
  boolean isClosed();

  /** Runs {@code left} when its client leaves before it is answered. */
  void onClosed(Runnable left);

  /** Answers it with {@code reply}, once; nothing happens where nobody is there, or it was. */
  void answer(Reply reply);
}
