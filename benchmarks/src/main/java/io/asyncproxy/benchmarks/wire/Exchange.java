package io.asyncproxy.benchmarks.wire;

/** One request and what to do with its answer; called on the event loop. */
public interface Exchange {
  /** Path and query. */
  String path();

  /** JSON of ASCII. */
  String body();

  /** The answer has come, whatever its status. */
  void answered(int status, byte[] body);

  /** There will be no answer. */
  void failed(String reason);
}
