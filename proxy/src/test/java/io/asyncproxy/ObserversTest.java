package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.hold.HoldListener;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.job.JobId;
import io.asyncproxy.telemetry.Metrics;
import io.asyncproxy.timeline.Journal;
import io.asyncproxy.trace.Tracing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserversTest {
  @Test
  void dispatchersAreToldOfAResultThatIsAboutToBeStored() {
    InstantSource clock = InstantSource.system();
    List<JobId> told = new ArrayList<>();
    try (Metrics metrics = new Metrics(clock)) {
      Holds holds = new Holds(1, HoldListener.NONE);
      Observers observers =
          new Observers(metrics, new Journal(clock, "n1"), Tracing.NONE, () -> holds, told::add);
      observers.arrived(new JobId(1, 2));
    }
    assertThat(told).containsExactly(new JobId(1, 2));
  }
}
