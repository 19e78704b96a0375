package io.asyncproxy.dispatch;

import java.util.OptionalInt;

/** Hears of requests to a job server; where metrics hang on. Must not block. */
@FunctionalInterface
public interface CallListener {

  /**
   * A request ended.
   *
   * @param method the HTTP method
   * @param status the HTTP status of the answer; empty where there was none
   * @param error why there was none, or why it was no good; empty where it was
   * @param nanos since it was to be sent
   */
  void called(String method, OptionalInt status, String error, long nanos);
}
