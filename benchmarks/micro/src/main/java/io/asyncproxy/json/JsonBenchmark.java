package io.asyncproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
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

/** Looking for the few members that are wanted in the JSON of a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonBenchmark {
  private static final Set<String> WANTED = Set.of("account", "wait", "callback");

  /** How long the rest of the object is. */
  @Param({"0", "1000", "100000"})
  int rest;

  private byte[] json = {};

  /** Makes the JSON. */
  @Setup
  public void make() {
    String more = rest == 0 ? "" : ",\"input\":[" + "12.5,".repeat(rest / 5) + "1]";
    json = ("{\"account\":\"a@b.c\",\"wait\":true" + more + '}').getBytes(UTF_8);
  }

  /** The members of it. */
  @Benchmark
  public JsonMembers read() throws InvalidJsonException {
    return JsonMembers.read(json, WANTED);
  }

  /** What is passed on to the job server. */
  @Benchmark
  public byte[] readAndCut() throws InvalidJsonException {
    return JsonMembers.read(json, WANTED).without("wait", "callback");
  }
}
