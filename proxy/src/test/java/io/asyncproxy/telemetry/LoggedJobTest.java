package io.asyncproxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.job.TraceContext;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggedJobTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @AfterEach
  void forget() {
    LoggedJob.traces(_ -> Optional.empty());
  }

  @Test
  void lineAboutAJobIsKnownByItsId() {
    JobId id = Jobs.id();
    assertThat(LoggedJob.of("Job " + id + " is not started: away; the sweeper tries again"))
        .contains(new LoggedJob(id.toString(), Optional.empty()));
    assertThat(LoggedJob.of("The end of attempt 2 of job " + id + " (busy) is not stored"))
        .contains(new LoggedJob(id.toString(), Optional.empty()));
  }

  @Test
  void traceIsThatOfTheJob() {
    JobId traced = Jobs.id();
    LoggedJob.traces(
        id ->
            id.equals(traced)
                ? TraceContext.parse("00-" + TRACE + "-00f067aa0ba902b7-01", null)
                : Optional.empty());
    assertThat(LoggedJob.of("Job " + traced + " ended").flatMap(LoggedJob::traceId))
        .contains(TRACE);
    assertThat(LoggedJob.of("Job " + Jobs.id() + " ended").flatMap(LoggedJob::traceId)).isEmpty();
  }

  @Test
  void otherLinesAreAboutNone() {
    assertThat(LoggedJob.of("Serving http://0.0.0.0:4567/proxy")).isEmpty();
    assertThat(LoggedJob.of("Job 123 and jobs " + Jobs.id())).isEmpty();
  }
}
