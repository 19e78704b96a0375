package io.asyncproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private final BodyBudget budget = new BodyBudget(100);
  private final List<String> granted = new ArrayList<>();

  private Runnable take(long bytes, String name) {
    return budget.take(bytes, () -> granted.add(name));
  }

  @Test
  void whoFindsNoneLeftWaitsForItsTurn() {
    Runnable a = take(60, "a");
    Runnable b = take(60, "b");
    Runnable c = take(10, "c");
    assertThat(granted).containsExactly("a");
    a.run();
    assertThat(granted).containsExactly("a", "b", "c");
    b.run();
    c.run();
    assertThat(budget.free()).isEqualTo(100);
  }

  @Test
  void givingBackTwiceGivesBackOnce() {
    Runnable a = take(60, "a");
    a.run();
    a.run();
    assertThat(budget.free()).isEqualTo(100);
  }

  @Test
  void whoStopsWaitingLetsOthersPass() {
    Runnable a = take(60, "a");
    Runnable b = take(90, "b");
    take(40, "c");
    b.run();
    assertThat(granted).containsExactly("a", "c");
    a.run();
    assertThat(budget.free()).isEqualTo(60);
  }

  @Test
  void bodyLongerThanAllHasItForItself() {
    Runnable a = take(1_000, "a");
    take(1, "b");
    assertThat(granted).containsExactly("a");
    a.run();
    assertThat(granted).containsExactly("a", "b");
  }

  @Test
  void manyThreadsNeverHaveMoreThanAll() throws Exception {
    AtomicLong used = new AtomicLong();
    AtomicLong most = new AtomicLong();
    Semaphore done = new Semaphore(0);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 2_000; i++) {
        long bytes = 1L + new Random(i).nextInt(60);
        threads.execute(
            () -> {
              Semaphore turn = new Semaphore(0);
              Runnable release =
                  budget.take(
                      bytes,
                      () -> {
                        most.accumulateAndGet(used.addAndGet(bytes), Math::max);
                        turn.release();
                      });
              turn.acquireUninterruptibly();
              used.addAndGet(-bytes);
              release.run();
              done.release();
            });
      }
      assertThat(done.tryAcquire(2_000, 30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most.get()).isBetween(60L, 100L);
    assertThat(budget.free()).isEqualTo(100);
  }
}
