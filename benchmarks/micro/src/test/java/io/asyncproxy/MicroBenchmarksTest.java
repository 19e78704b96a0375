package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Each benchmark runs, once: nothing here is timed. */
class MicroBenchmarksTest {
  @Test
  void eachRunsOnce() throws Exception {
    Options once =
        new OptionsBuilder()
            .mode(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = new Runner(once).run();
    assertThat(results).hasSize(20);
  }
}
