package io.asyncproxy.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Submission;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/** Jobs accepted and finished in the file store, some at once: what a group commit costs each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GroupCommitBenchmark {
  /** How many jobs share their commits. */
  @Param({"1", "16", "128"})
  int atOnce;

  private final Random random = new Random(1);
  private Path directory = Path.of("");
  private EmbeddedJobStore store;

  @SuppressWarnings("NullAway.Init") // JMH opens it
  public GroupCommitBenchmark() {}

  /** Opens a new store. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("group-commit");
    store = EmbeddedJobStore.open(directory, InstantSource.system(), _ -> {});
  }

  /** That many jobs; the time is that of all of them. */
  @Benchmark
  public void acceptAndFinish() throws Exception {
    Instant now = Instant.now();
    List<Job> jobs = Stream.generate(() -> job(now)).limit(atOnce).toList();
    all(jobs.stream().map(store::accept).toList());
    Result result = new Result(new byte[100], false, Optional.empty());
    Change finish = new Change.Finish(result, now, now.plusSeconds(60));
    all(jobs.stream().map(job -> store.apply(job.id(), finish)).toList());
  }

  private Job job(Instant now) {
    JobId id = JobId.create(now.toEpochMilli(), random);
    byte[] body = "{\"account\":\"a@b.c\"}".getBytes(UTF_8);
    return Job.starting(
        new Submission(id, "a@b.c", body, now, Optional.empty()), now.plusSeconds(60));
  }

  private static void all(List<? extends Future<?>> writes) throws Exception {
    Future.all(new ArrayList<>(writes)).await(60, TimeUnit.SECONDS);
  }

  /** Closes it and deletes its files. */
  @TearDown
  public void close() throws Exception {
    store.close().await(60, TimeUnit.SECONDS);
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(GroupCommitBenchmark::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
