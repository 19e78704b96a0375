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

  /** The next stage begins. */
  public void enter(Stage next) {
    this.stage = next;
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
