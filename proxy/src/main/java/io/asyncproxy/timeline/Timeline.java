package io.asyncproxy.timeline;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobState;
import io.asyncproxy.timeline.Moment.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that is known of what happened to a job: what is stored tells the outline of every job, as
 * long as it is kept; what a process remembers tells more of those it saw lately. Pure.
 */
public final class Timeline {
  private static final String STORED = "stored";

  private final Job job;
  private final List<Moment> moments;

  private Timeline(Job job, List<Moment> remembered) {
    this.job = job;
    this.moments = new ArrayList<>(remembered);
  }

  /** The moments of {@code job}, of which this process remembers {@code remembered}, in order. */
  public static List<Moment> of(Job job, List<Moment> remembered) {
    Timeline timeline = new Timeline(job, remembered);
    timeline.addStored();
    timeline.moments.sort(Comparator.comparing(Moment::at).thenComparing(Moment::event));
    return timeline.moments;
  }

  private void addStored() {
    add(job.submission().createdAt(), Event.ACCEPTED, 0, "", "");
    for (Attempt attempt : job.history()) {
      boolean late = attempt.outcome().equals(Attempt.OVERDUE);
      add(
          attempt.at(),
          late ? Event.OVERDUE : Event.ATTEMPT,
          attempt.number(),
          late ? "" : attempt.outcome(),
          attempt.detail());
    }
    job.startedAt()
        .filter(_ -> moments.stream().noneMatch(this::isLastAttempt))
        .ifPresent(at -> add(at, Event.ATTEMPT, job.attempts(), "", "sent"));
    job.progress().ifPresent(progress -> add(progress.at(), Event.PROGRESS, 0, "", ""));
    job.finishedAt().ifPresent(this::addEnd);
  }

  private boolean isLastAttempt(Moment moment) {
    return moment.event() == Event.ATTEMPT && moment.attempt() == job.attempts();
  }

  private void addEnd(Instant at) {
    boolean byCallback = job.state() == JobState.COMPLETED || job.state() == JobState.FAILED;
    if (byCallback) {
      add(at, Event.CALLBACK, 0, STORED, "");
    }
    Instant end =
        moments.stream()
            .filter(moment -> moment.event() == Event.CALLBACK && moment.outcome().equals(STORED))
            .map(Moment::at)
            .filter(at::isBefore)
            .findFirst()
            .orElse(at);
    add(end, Event.ENDED, 0, job.state().label(), job.failure().map(Failure::detail).orElse(""));
  }

  /** Unless it is remembered, with more about it. */
  private void add(Instant at, Event event, int attempt, String outcome, String detail) {
    Moment stored = new Moment(job.id(), at, event, attempt, outcome, -1, detail, "");
    if (moments.stream().noneMatch(stored::tells)) {
      moments.add(stored);
    }
  }
}
