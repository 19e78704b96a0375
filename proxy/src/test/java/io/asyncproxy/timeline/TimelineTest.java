package io.asyncproxy.timeline;

import static io.asyncproxy.job.Jobs.CREATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.job.Result;
import io.asyncproxy.timeline.Moment.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is stored and what is remembered, told as one story. */
class TimelineTest {
  private Instant now = CREATED;
  private final Journal journal = new Journal(() -> now, "n1");

  private static Job after(Job job, Change... changes) {
    for (Change change : changes) {
      job = job.after(change).orElseThrow();
    }
    return job;
  }

  private static Change finish(int second) {
    Result result = new Result("{}".getBytes(StandardCharsets.UTF_8), false, Optional.empty());
    Instant at = CREATED.plusSeconds(second);
    return new Change.Finish(result, Optional.empty(), at, at.plusSeconds(9));
  }

  private List<String> told(Job job) {
    List<String> told = new ArrayList<>();
    for (Moment moment : Timeline.of(job, journal.of(job.id()))) {
      told.add(
          "%d %s %d %s %s"
              .formatted(
                  moment.at().getEpochSecond() - CREATED.getEpochSecond(),
                  moment.event().label(),
                  moment.attempt(),
                  moment.outcome(),
                  moment.node()));
    }
    return told;
  }

  @Test
  void storeAloneTellsTheOutline() {
    Job job = Jobs.starting();
    Attempt busy = new Attempt(1, CREATED.plusSeconds(1), "busy", "status 429");
    job =
        after(
            job,
            new Change.BackOff(busy, CREATED.plusSeconds(2)),
            new Change.Start(2, CREATED.plusSeconds(2), CREATED.plusSeconds(9)),
            finish(5));
    assertThat(told(job))
        .containsExactly(
            "0 accepted 0  ",
            "1 attempt 1 busy ",
            "2 attempt 2  ",
            "5 callback 0 stored ",
            "5 ended 0 completed ");
  }

  @Test
  void whatIsRememberedIsToldOnceAndWithItsNode() {
    Job job = after(Jobs.starting(), finish(5));
    now = CREATED.plusSeconds(1);
    journal.add(job.id(), Event.ATTEMPT, 1, "accepted", 12, "");
    now = CREATED.plusSeconds(5);
    journal.add(job.id(), Event.CALLBACK, "stored");
    journal.add(job.id(), Event.ANSWER, "answered");
    now = CREATED.plusSeconds(7);
    journal.add(job.id(), Event.CALLBACK, "duplicate");
    journal.add(Jobs.id(), Event.CALLBACK, "stored");
    assertThat(told(job))
        .containsExactly(
            "0 accepted 0  ",
            "1 attempt 1 accepted n1",
            "5 callback 0 stored n1",
            "5 ended 0 completed ",
            "5 answer 0 answered n1",
            "7 callback 0 duplicate n1");
  }

  @Test
  void oldestIsForgotten() {
    Job job = Jobs.starting();
    journal.add(job.id(), Event.CALLBACK, "stored");
    for (int i = 0; i < 1 << 15; i++) {
      journal.add(Jobs.id(), Event.CALLBACK, "stored");
    }
    assertThat(journal.of(job.id())).isEmpty();
  }
}
