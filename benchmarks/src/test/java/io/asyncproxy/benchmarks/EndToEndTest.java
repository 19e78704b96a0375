package io.asyncproxy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.benchmarks.limit.Limit;
import io.asyncproxy.benchmarks.load.Arrival;
import io.asyncproxy.benchmarks.load.Load;
import io.asyncproxy.benchmarks.load.LoadPlan;
import io.asyncproxy.benchmarks.load.Tally;
import io.asyncproxy.benchmarks.process.Local;
import io.asyncproxy.benchmarks.simulator.FaultRates;
import io.asyncproxy.benchmarks.simulator.Simulator;
import io.asyncproxy.benchmarks.simulator.SimulatorOptions;
import io.asyncproxy.benchmarks.simulator.SimulatorStats;
import io.asyncproxy.benchmarks.simulator.SimulatorStats.Counted;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Simulator, limit and load in one process, by real sockets. */
@Timeout(60)
class EndToEndTest {
  private static final int JOBS = 500;
  private static final Duration LONG = Duration.ofSeconds(20);

  private static LoadPlan plan(int port, Arrival arrival) {
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new LoadPlan(target, arrival, JOBS, 32, Duration.ofSeconds(50));
  }

  @Test
  void everyJobOfAClosedLoopGetsItsOwnResult() throws InterruptedException {
    allAnswered(new Arrival.Closed(32));
  }

  @Test
  void everyJobOfAnOpenLoopGetsItsOwnResult() throws InterruptedException {
    allAnswered(new Arrival.Open(20_000));
  }

  private static void allAnswered(Arrival arrival) throws InterruptedException {
    try (Simulator simulator = new Simulator(SimulatorOptions.plain(0));
        Limit limit = new Limit(0, simulator.port());
        Load load = Load.start(plan(limit.port(), arrival))) {
      Tally tally = all(load, JOBS);
      assertThat(tally.errors()).isEmpty();
      assertThat(tally.crossed()).isZero();
      assertThat(tally.completed()).isEqualTo(JOBS);
      assertThat(tally.millis(50)).isPositive();
      assertThat(simulator.stats().of(Counted.STARTED)).isEqualTo(JOBS);
    }
  }

  @Test
  void heldCallbacksComeWhenTheyAreReleased() throws InterruptedException {
    try (Simulator simulator = new Simulator(SimulatorOptions.held(0));
        Limit limit = new Limit(0, simulator.port());
        Load load = Load.start(plan(limit.port(), new Arrival.Closed(32)))) {
      while (simulator.stats().of(Counted.STARTED) < 32) {
        Thread.onSpinWait();
      }
      assertThat(load.inFlight()).isEqualTo(32);
      load.stop();
      Local.post(simulator.port(), "/release");
      assertThat(load.awaitAnswers(LONG)).isTrue();
      assertThat(load.take().completed()).isEqualTo(32);
    }
  }

  @Test
  void faultsReallyOccur() throws InterruptedException {
    FaultRates rates = new FaultRates(0, 0.1, 0.1, 0.1, 7);
    SimulatorOptions faulty = new SimulatorOptions(0, Duration.ZERO, false, 0, rates);
    try (Simulator simulator = new Simulator(faulty);
        Limit limit = new Limit(0, simulator.port());
        Load load = Load.start(plan(limit.port(), new Arrival.Closed(32)))) {
      Tally tally = all(load, JOBS);
      SimulatorStats seen = simulator.stats();
      assertThat(seen.of(Counted.BUSY)).isBetween(20L, 100L);
      assertThat(seen.of(Counted.RESET)).isBetween(20L, 100L);
      assertThat(seen.of(Counted.DUPLICATED)).isBetween(20L, 100L);
      assertThat(tally.completed()).isEqualTo(seen.of(Counted.STARTED));
      assertThat(tally.failed()).isEqualTo(seen.of(Counted.BUSY) + seen.of(Counted.RESET));
      assertThat(tally.crossed()).isZero();
    }
  }

  @Test
  void aLostCallbackLeavesItsClientWaiting() throws InterruptedException {
    FaultRates rates = new FaultRates(1, 0, 0, 0, 7);
    SimulatorOptions faulty = new SimulatorOptions(0, Duration.ZERO, false, 0, rates);
    try (Simulator simulator = new Simulator(faulty);
        Limit limit = new Limit(0, simulator.port());
        Load load = Load.start(plan(limit.port(), new Arrival.Closed(16)))) {
      while (simulator.stats().of(Counted.LOST) < 16) {
        Thread.onSpinWait();
      }
      assertThat(load.inFlight()).isEqualTo(16);
      assertThat(load.take().completed()).isZero();
    }
  }

  /** Adds up until so many are answered; bounded by the test's own time. */
  private static Tally all(Load load, int jobs) throws InterruptedException {
    assertThat(load.awaitAnswered(jobs, LONG)).isTrue();
    return load.take();
  }
}
