package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.report.Topic;

/** Measures one topic. Whatever it starts it ends. */
public sealed interface Experiment
    permits CpuExperiment,
        LatencyExperiment,
        HeldExperiment,
        ConcurrencyExperiment,
        StartExperiment,
        OverloadExperiment,
        EnduranceExperiment {

  /** Measures. */
  Outcome run(Bench bench) throws InterruptedException;

  /** The one of a topic. */
  static Experiment of(Topic topic) {
    return switch (topic) {
      case CPU -> new CpuExperiment();
      case LATENCY -> new LatencyExperiment();
      case HELD -> new HeldExperiment();
      case CONCURRENCY -> new ConcurrencyExperiment();
      case START -> new StartExperiment();
      case OVERLOAD -> new OverloadExperiment();
      case ENDURANCE -> new EnduranceExperiment();
    };
  }
}
