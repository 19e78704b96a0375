package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.TimedStore;
import io.asyncproxy.store.memory.MemoryJobStore;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class CallbackSideTest {
  /** A store of which only that is asked. */
  private static JobStore shared() {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (_, method, _) -> method.getName().equals("isShared"));
  }

  @Test
  void callbacksOfOtherNodesDoNotWaitForAStartResponseHere() {
    assertThat(CallbackSide.patience(new TimedStore(shared(), (_, _) -> {}))).isZero();
    assertThat(CallbackSide.patience(new MemoryJobStore(1_000_000))).isPositive();
  }
}
