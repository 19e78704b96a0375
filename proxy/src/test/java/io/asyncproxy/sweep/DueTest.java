package io.asyncproxy.sweep;

import static io.asyncproxy.job.Jobs.CREATED;
import static io.asyncproxy.job.Jobs.LIFETIMES;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is to be done with a job whose time has come. */
class DueTest {
  private static final int ATTEMPTS = 2;
  private static final Instant SENT = CREATED.plusSeconds(60);

  /** Minutes from when the job was made; it was sent at minute 1 and has 15 minutes for each. */
  @ParameterizedTest
  @CsvSource({
    "ACCEPTED,  false, 14, START",
    "ACCEPTED,  true,  14, START",
    "ACCEPTED,  false, 15, NOT_STARTED",
    "ACCEPTED,  true,  15, NOT_STARTED",
    "STARTING,  false, 15, AWAIT_CALLBACK",
    "STARTING,  true,  14, NOTE_AND_START",
    "STARTING,  true,  15, AWAIT_CALLBACK",
    "STARTING,  false, 16, UNCLEAR",
    "STARTING,  true,  16, UNCLEAR",
    "RUNNING,   false, 15, OVERDUE",
    "RUNNING,   true,  15, OVERDUE",
    "RUNNING,   false, 16, NO_CALLBACK",
    "RUNNING,   true,  16, NO_CALLBACK",
    "COMPLETED, true,  99, NOTHING",
    "FAILED,    true,  99, NOTHING",
    "CANCELLED, true,  99, NOTHING",
    "GIVEN_UP,  true,  99, NOTHING",
    "EXPIRED,   true,  99, NOTHING",
  })
  void everyStateHasItsNextStep(JobState state, boolean idempotent, int minute, String expected) {
    Instant now = CREATED.plusSeconds(minute * 60L);
    boolean wasSent = state != JobState.ACCEPTED;
    Job job = Jobs.in(state, ATTEMPTS, wasSent ? Optional.of(SENT) : Optional.empty());

    Due due = Due.of(job, now, LIFETIMES, idempotent);

    assertThat(described(due, now)).isEqualTo(expected);
    if (due instanceof Due.Write(var change)) {
      assertThat(job.allows(change)).isTrue();
    }
  }

  private static String described(Due due, Instant now) {
    return switch (due) {
      case Due.Start _ -> "START";
      case Due.Nothing _ -> "NOTHING";
      case Due.Overdue _ -> "OVERDUE";
      case Due.Write(Change.Expire expire) -> {
        assertThat(expire.at()).isEqualTo(now);
        assertThat(expire.wakeAt()).isEqualTo(now.plus(LIFETIMES.deadLetterRetention()));
        yield expire.failure().reason().name();
      }
      case Due.Write(Change.Unclear unclear) -> {
        assertThat(unclear.ended().number()).isEqualTo(ATTEMPTS);
        assertThat(unclear.ended().outcome()).isEqualTo("unclear");
        if (unclear.wakeAt().equals(now)) {
          yield "NOTE_AND_START";
        }
        assertThat(unclear.wakeAt()).isEqualTo(SENT.plus(LIFETIMES.timeout()));
        yield "AWAIT_CALLBACK";
      }
      case Due.Write(var other) -> throw new AssertionError(other);
    };
  }

  @Test
  void timeEndsToTheMillisecond() {
    Instant end = CREATED.plus(LIFETIMES.timeout());

    assertThat(Due.of(Jobs.accepted(), end.minusMillis(1), LIFETIMES, false))
        .isEqualTo(new Due.Start());
    assertThat(Due.of(Jobs.accepted(), end, LIFETIMES, false)).isInstanceOf(Due.Write.class);
  }

  @Test
  void attemptIsRepeatedOnceItIsNotedThatTheLastMayHaveBeenHeard() {
    Instant now = CREATED.plusSeconds(120);
    Job lost = Jobs.in(JobState.STARTING, ATTEMPTS, Optional.of(SENT));

    Due first = Due.of(lost, now, LIFETIMES, true);
    Job noted = lost.after(((Due.Write) first).change()).orElseThrow();

    assertThat(noted.mayHaveStarted()).isTrue();
    assertThat(Due.of(noted, now, LIFETIMES, true)).isEqualTo(new Due.Start());
  }
}
