package io.asyncproxy.benchmarks.experiment;

import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.process.Lab;
import io.asyncproxy.benchmarks.process.Program;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What every experiment measures with.
 *
 * @param lab starts programs
 * @param timing how long and how often
 * @param progress a line for each window
 */
public record Bench(Lab lab, Timing timing, Consumer<String> progress) {
  private static final Duration DRAIN = Duration.ofSeconds(20);

  /** One window of a load, on a program that nothing else asks meanwhile. */
  Observed window(Program program, LoadPlan plan) throws InterruptedException {
    return under(program, plan, timing.rampUp(), timing.window());
  }

  /** The same load before anything is measured, so that the program's code is compiled. */
  void warmUp(Program program, LoadPlan plan) throws InterruptedException {
    under(program, plan, Duration.ZERO, timing.warmUp());
    tell(
        "%-12s %s s of load before the first window",
        program.side().label(), timing.warmUp().toSeconds());
  }

  private Observed under(Program program, LoadPlan plan, Duration before, Duration window)
      throws InterruptedException {
    try (Load load = Load.start(plan)) {
      Thread.sleep(before);
      Observed observed = Observed.during(window, load, program.pid());
      load.stop();
      load.awaitAnswers(DRAIN);
      return observed;
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // that annotation is not among the dependencies
  void tell(String format, Object... values) {
    progress.accept(String.format(Locale.ROOT, format, values));
  }
}
