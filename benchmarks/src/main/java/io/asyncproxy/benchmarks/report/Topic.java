package io.asyncproxy.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The experiments, in the order of the report. */
public enum Topic {
  CPU(
      "CPU per job",
      "Closed loop, 512 in flight, jobs without delay, each its own account. CPU time of the program"
          + " under test alone, over the jobs completed in each window; ratios to the limit within"
          + " the same round, and their median.",
      ""),
  LATENCY(
      "Latency",
      "Open loop, jobs without delay, latency from the intended start of each request: all of it is"
          + " the program's own and the simulator's.",
      "jobs/s"),
  HELD(
      "Held requests",
      "Live heap after two full collections, before and while requests are held, memory store;"
          + " HTTP/2 with prior knowledge has 1,000 streams on each connection.",
      "held"),
  CONCURRENCY(
      "Concurrency", "Closed loop, jobs without delay, by requests in flight.", "in flight"),
  START(
      "Start",
      "From exec to the first 200 of /readyz, with and without the start-up cache, in turn.",
      ""),
  OVERLOAD(
      "Overload",
      "File store; the job server takes 200 starts a second and answers more with 429, without"
          + " Retry-After. Open loop, multiples of that limit; all settings at their defaults.",
      "times the limit"),
  ENDURANCE(
      "Endurance",
      "File store, open loop at half of the jobs/s of a saturating closed loop without faults. With"
          + " faults: 2 % of callbacks lost, 2 % sent twice, 5 % of starts answered with 429 or 503,"
          + " 1 % of connections reset. Values are from the end of the first sixth on, and so are"
          + " slopes; their bounds take samples as independent. What rises (or falls) for certain"
          + " is what the nearer end of that interval makes of the whole run.",
      "");

  private final String title;
  private final String method;
  private final String at;

  Topic(String title, String method, String at) {
    this.title = title;
    this.method = method;
    this.at = at;
  }

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name. */
  public static Optional<Topic> named(String label) {
    return Arrays.stream(values()).filter(topic -> topic.label().equals(label)).findFirst();
  }

  String title() {
    return title;
  }

  String method() {
    return method;
  }

  String at() {
    return at;
  }
}
