package io.asyncproxy.benchmarks.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.asyncproxy.benchmarks.simulator.Faults.Drawn;
import io.asyncproxy.benchmarks.simulator.Faults.OfCallback;
import io.asyncproxy.benchmarks.simulator.Faults.OfStart;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static List<Drawn> draw(FaultRates rates) {
    Faults faults = new Faults(rates);
    return Stream.generate(faults::next).limit(10_000).toList();
  }

  @Test
  void theSameSeedMakesTheSameFaults() {
    FaultRates rates = new FaultRates(0.1, 0.1, 0.1, 0.1, 42);
    assertThat(draw(rates)).isEqualTo(draw(rates));
    assertThat(draw(rates)).isNotEqualTo(draw(new FaultRates(0.1, 0.1, 0.1, 0.1, 43)));
  }

  @Test
  void faultsComeAtTheirRates() {
    List<Drawn> drawn = draw(new FaultRates(0.02, 0.04, 0.1, 0.01, 1));
    assertThat(share(drawn, new OfStart[] {OfStart.TOO_MANY, OfStart.UNAVAILABLE}))
        .isCloseTo(0.1, within(0.01));
    assertThat(share(drawn, new OfStart[] {OfStart.RESET})).isCloseTo(0.01, within(0.004));
    assertThat(drawn.stream().filter(fault -> fault.callback() == OfCallback.LOST).count() / 1e4)
        .isCloseTo(0.02, within(0.005));
  }

  private static double share(List<Drawn> drawn, OfStart[] faults) {
    return drawn.stream().filter(fault -> List.of(faults).contains(fault.start())).count() / 1e4;
  }

  @Test
  void withoutRatesNothingGoesWrong() {
    assertThat(draw(FaultRates.NONE)).containsOnly(new Drawn(OfStart.NONE, OfCallback.NONE));
  }

  @Test
  void ratesAboveOneAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new FaultRates(0, 0, 0.7, 0.7, 1));
  }

  @Test
  void aLimitLetsSoManyThroughEachSecond() {
    StartLimit limit = new StartLimit(100, 0);
    int taken = 0;
    for (long millis = 0; millis < 10_000; millis++) {
      taken += limit.take(millis * 1_000_000) ? 1 : 0;
    }
    assertThat(taken).isBetween(1_000, 1_010);
  }
}
