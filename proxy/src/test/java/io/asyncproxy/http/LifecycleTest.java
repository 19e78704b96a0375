package io.asyncproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.http.Lifecycle.Stage;
import org.junit.jupiter.api.Test;

/** A process' own life. */
class LifecycleTest {
  private final Lifecycle lifecycle = new Lifecycle();

  @Test
  void eachStageBeginsOnce() {
    assertThat(lifecycle.enter(Stage.SERVING)).isTrue();
    assertThat(lifecycle.enter(Stage.SERVING)).isFalse();
    assertThat(lifecycle.enter(Stage.DRAINING)).isTrue();
  }

  /** As when a tunnel opens while the process is already told to end. */
  @Test
  void whoDrainsNeverServesAgain() {
    lifecycle.enter(Stage.DRAINING);
    assertThat(lifecycle.enter(Stage.SERVING)).isFalse();
    assertThat(lifecycle.stage()).isEqualTo(Stage.DRAINING);
  }
}
