package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.store.redis.JobHash.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A change as the arguments of {@link Scripts#APPLY}: pure. */
final class ChangeArguments {
  /** A finished job's hash outlives its retention by so much, should no node be there to purge. */
  private static final Duration UNSWEPT = Duration.ofDays(7);

  private final Change change;
  private final Fields set = new Fields();
  private final List<String> gone = new ArrayList<>();
  private Optional<Attempt> noted = Optional.empty();
  private Optional<String> jobServerId = Optional.empty();
  private Instant endedAt = Instant.EPOCH;

  private ChangeArguments(Change change) {
    this.change = change;
  }

  static List<byte[]> of(JobId id, Change change, String node) {
    ChangeArguments arguments = new ChangeArguments(change);
    arguments.collect();
    return arguments.list(id, node);
  }

  private void collect() {
    switch (change) {
      case Change.Start start -> {
        set.put("n", Integer.toString(start.attempt()));
        set.put("t", JobHash.millis(start.at()));
      }
      case Change.Started started -> jobServerId = orGone(started.jobServerId());
      case Change.Progressed progressed -> {
        set.put("P", JobHash.millis(progressed.progress().at()));
        set.put("pb", progressed.progress().body());
        jobServerId = progressed.jobServerId();
      }
      case Change.BackOff backOff -> {
        gone.add("t");
        noted = Optional.of(backOff.ended());
      }
      case Change.Unclear unclear -> noted = Optional.of(unclear.ended());
      case Change.Overdue overdue -> noted = Optional.of(overdue.noted());
      case Change.GiveUp giveUp -> {
        noted = Optional.of(giveUp.ended());
        giveUp(giveUp.failure(), giveUp.at());
      }
      case Change.Finish finish -> {
        // Only a result without header fields comes first, and so travels with the message.
        if (!finish.result().head().isEmpty()) {
          set.put("R", finish.result().head());
        }
        set.put("r", finish.result().body());
        finish.result().messageId().ifPresent(id -> set.put("m", id));
        gone.addAll(List.of("e", "u", "y", "d", "p"));
        jobServerId = finish.jobServerId();
        decide(finish.at());
      }
      case Change.Expire expire -> giveUp(expire.failure(), expire.at());
      case Change.Cancel cancel -> decide(cancel.at());
    }
  }

  private Optional<String> orGone(Optional<String> id) {
    gone.add("j");
    return id;
  }

  private void giveUp(Failure failure, Instant at) {
    endedAt = at;
    set.put("f", JobHash.millis(at));
    set.put("e", failure.reason().label());
    set.put("d", failure.detail());
    failure.payload().ifPresent(payload -> set.put("p", payload));
    failure.upstreamStatus().ifPresent(status -> set.put("u", Integer.toString(status)));
    failure.retryAfterSeconds().ifPresent(wait -> set.put("y", Integer.toString(wait)));
  }

  private void decide(Instant at) {
    endedAt = at;
    set.put("f", JobHash.millis(at));
    gone.add("q");
  }

  private List<byte[]> list(JobId id, String node) {
    JobState to = change.transition().to();
    List<byte[]> all = new ArrayList<>();
    add(all, id.toString());
    add(all, states());
    add(all, change.fence().map(String::valueOf).orElse(""));
    add(all, JobHash.code(to));
    add(all, JobHash.millis(change.wakeAt()));
    add(all, to.isDeadLetter() ? "2" : to.isFinished() ? "1" : "0");
    add(all, Long.toString(id.createdMillis()));
    add(all, node);
    add(all, noted.map(JobHash::entry).orElse(""));
    add(all, Integer.toString(Job.HISTORY_KEPT));
    add(all, jobServerId.orElse(""));
    add(all, to.isFinished() ? lifetime() : "");
    add(all, Integer.toString(gone.size()));
    gone.forEach(field -> add(all, field));
    all.addAll(set.list);
    return all;
  }

  /** A length, not a time: Redis' clock need not be ours. */
  private String lifetime() {
    Duration kept = Duration.between(endedAt, change.wakeAt());
    return Long.toString((kept.isNegative() ? UNSWEPT : kept.plus(UNSWEPT)).toMillis());
  }

  private String states() {
    StringBuilder codes = new StringBuilder();
    change.transition().from().forEach(state -> codes.append(JobHash.code(state)));
    return codes.toString();
  }

  private static void add(List<byte[]> all, String text) {
    all.add(text.getBytes(UTF_8));
  }
}
