package io.asyncproxy.http;

/** Hears of answered requests; where metrics hang on. Called on event loops: must not block. */
@FunctionalInterface
public interface RequestListener {

  /** Hears nothing. */
  RequestListener NONE = (_, _, _, _) -> {};

  /**
   * A request was answered.
   *
   * @param method the HTTP method
   * @param route the pattern of its path, never the path itself; empty where it matched nothing
   * @param status the HTTP status
   * @param nanos since the request's head was read
   */
  void answered(String method, String route, int status, long nanos);
}
