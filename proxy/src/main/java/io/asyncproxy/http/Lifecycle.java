package io.asyncproxy.http;

import java.util.Locale;

/** Where this process is in its own life. Thread-safe. */
public final class Lifecycle {

  /** The stages, in order. */
  public enum Stage {
    /** Not ready yet. */
    STARTING,
    /** Taking jobs. */
    SERVING,
    /** Taking callbacks only, until the held requests are answered. */
    DRAINING;

    /** The name that operators see. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private volatile Stage stage = Stage.STARTING;

  /** The stage now. */
  public Stage stage() {
    return stage;
  }

  /** A later stage begins, unless it has; whether it does. There is no way back. */
  public synchronized boolean enter(Stage next) {
    boolean later = next.compareTo(stage) > 0;
    if (later) {
      stage = next;
    }
    return later;
  }

  /** Fails with 503 unless new jobs are taken. */
  public void requireServing() {
    if (stage != Stage.SERVING) {
      throw Problem.of(503, "Not taking new jobs: " + stage.label())
          .with("retryable", true)
          .retryAfter(1)
          .exception();
    }
  }
}
