package io.asyncproxy.hold;

import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.Deadlines;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Random;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The table of held requests: one comes and goes while many others wait. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HoldsBenchmark {
  private static final Duration LONG = Duration.ofHours(1);

  /** How many others are held. */
  @Param({"0", "100000"})
  int others;

  private final Vertx vertx = Vertx.vertx();
  private final EventLoop loop =
      new EventLoop(vertx.getOrCreateContext(), new Deadlines(System::nanoTime, (_, _) -> {}));
  private final Random random = new Random(1);
  private Holds holds = new Holds(0, HoldListener.NONE);

  /** Holds the others. */
  @Setup
  public void fill() {
    holds = new Holds(1_000_000, HoldListener.NONE);
    for (int i = 0; i < others; i++) {
      holds.hold(id(), LONG, loop);
    }
  }

  private JobId id() {
    return JobId.create(1_790_000_000_000L, random);
  }

  /** Holds a request whose client leaves. */
  @Benchmark
  public boolean holdAndLeave() {
    return holds.hold(id(), LONG, loop).orElseThrow().leave();
  }

  /** Ends the event loops. */
  @TearDown
  public void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }
}
