package io.asyncproxy.dispatch;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One turn of the fair queue: a job is queued, another one's turn comes, its permit is returned.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FairQueueBenchmark {
  /** How many accounts have jobs waiting, ten each. */
  @Param({"1", "1000", "10000"})
  int accounts;

  private FairQueue<String> queue = new FairQueue<>(1, 1);
  private int next;

  /** Fills it. */
  @Setup
  public void fill() {
    queue = new FairQueue<>(1, 1);
    for (int i = 0; i < accounts * 10; i++) {
      String account = "account" + i % accounts;
      queue.add(account, account);
    }
  }

  /** One turn. */
  @Benchmark
  public Optional<String> turn() {
    next = (next + 1) % accounts;
    String account = "account" + next;
    queue.add(account, account);
    Optional<String> turn = queue.next();
    turn.ifPresent(queue::release);
    return turn;
  }
}
