package io.asyncproxy.callback;

import io.asyncproxy.job.JobId;
import java.util.List;
import java.util.Optional;
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
import org.openjdk.jmh.annotations.Warmup;

/** The token in a callback URL: made once for each job, and verified once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenBenchmark {
  private final CallbackToken tokens = new CallbackToken(List.of(new byte[32]));
  private final JobId job = JobId.create(1_790_000_000_000L, new Random(1));
  private final String token = tokens.of(job);

  /** Of a job that is started. */
  @Benchmark
  public String make() {
    return tokens.of(job);
  }

  /** Of a callback that came. */
  @Benchmark
  public Optional<JobId> verify() {
    return tokens.verify(token);
  }

  /** A token with another character. */
  @State(Scope.Thread)
  public static class Altered {
    /** Which of the 44: it must take as long wherever that is. */
    @Param({"0", "10", "23", "43"})
    int at;

    private String text = "";

    /** Alters a token. */
    @Setup
    public void alter(TokenBenchmark genuine) {
      char other = genuine.token.charAt(at) == 'A' ? 'B' : 'A';
      text = genuine.token.substring(0, at) + other + genuine.token.substring(at + 1);
    }
  }

  /** Of a callback that is none. */
  @Benchmark
  public Optional<JobId> refuse(Altered altered) {
    return tokens.verify(altered.text);
  }
}
