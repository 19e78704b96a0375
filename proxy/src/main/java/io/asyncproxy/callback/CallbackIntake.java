package io.asyncproxy.callback;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Result;
import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import io.asyncproxy.json.Member;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Takes results in. A callback is acknowledged only when its result is durable; of several results
 * of a job the first one wins, whatever else happens at the same time. Thread-safe.
 */
public final class CallbackIntake {
  private static final Set<String> MEMBERS = Set.of("id", "state");
  private static final Set<String> GOES_ON = Set.of("queued", "starting", "running");
  private static final String FAILED = "failed";

  private final CallbackToken tokens;
  private final JobStore store;
  private final Lifetimes lifetimes;
  private final InstantSource clock;
  private final CallbackTimes times = new CallbackTimes();

  /** An intake for callbacks whose URLs hold one of {@code tokens}. */
  public CallbackIntake(
      CallbackToken tokens, JobStore store, Lifetimes lifetimes, InstantSource clock) {
    this.tokens = tokens;
    this.store = store;
    this.lifetimes = lifetimes;
    this.clock = clock;
  }

  /** How long results take. */
  public CallbackTimes times() {
    return times;
  }

  /**
   * The job whose token this is, spelled as in the URL; empty for anything that is none of ours.
   */
  public Optional<JobId> authenticate(String token) {
    return tokens.verify(token);
  }

  /**
   * Takes one callback in.
   *
   * @param job whose token it came with
   * @param body its body, byte for byte
   * @param messageId the id of the message (Standard Webhooks), where it had one
   * @return what became of it; fails when the store could not keep it
   */
  public Future<Receipt> receive(JobId job, byte[] body, Optional<String> messageId) {
    return read(body, (members, _) -> receive(job, body, members, messageId));
  }

  /** Goes on with what a callback's body says, and with its id; or says what is wrong with it. */
  Future<Receipt> read(byte[] body, BiFunction<JsonMembers, String, Future<Receipt>> next) {
    try {
      JsonMembers members = JsonMembers.read(body, MEMBERS);
      Optional<String> jobServerId = members.string("id");
      return jobServerId.isEmpty()
          ? invalid("Missing job ID in callback")
          : next.apply(members, jobServerId.get());
    } catch (InvalidJsonException invalid) {
      return invalid(invalid.error());
    }
  }

  private static Future<Receipt> invalid(String error) {
    return Future.succeededFuture(new Receipt.Invalid(error));
  }

  Future<Receipt> receive(JobId job, byte[] body, JsonMembers members, Optional<String> messageId) {
    String state = members.member("state").flatMap(Member::string).orElse("");
    if (GOES_ON.contains(state)) {
      return Future.succeededFuture(new Receipt.Progress());
    }
    Instant now = clock.instant();
    Result result = new Result(body, state.equals(FAILED), messageId);
    Optional<String> jobServerId = members.string("id");
    return store
        .apply(job, new Change.Finish(result, jobServerId, now, now.plus(lifetimes.retention())))
        .compose(verdict -> receipt(job, result, now, verdict));
  }

  private Future<Receipt> receipt(JobId job, Result result, Instant now, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Applied _ -> {
        times.record(Duration.between(Instant.ofEpochMilli(job.createdMillis()), now));
        yield Future.succeededFuture(new Receipt.Stored());
      }
      case Verdict.Unknown _ -> Future.succeededFuture(new Receipt.Gone());
      case Verdict.Refused(Job current) ->
          isNothingNew(current, result)
              ? Future.succeededFuture(new Receipt.Duplicate())
              : conflict(job, result, now);
    };
  }

  /** Kept with its job, and where operators look first. */
  private Future<Receipt> conflict(JobId job, Result result, Instant now) {
    StrayCallback second =
        StrayCallback.excerpt(
            result.messageId(), "another result than the one that decided the job", result.body());
    Note note =
        new Note(
            Note.Kind.CONFLICT,
            job,
            job.toString(),
            now.plus(lifetimes.retention()),
            second.content());
    return store
        .keepConflict(job, new Conflict(now, result.body()))
        .compose(_ -> store.notes().put(note))
        .map(_ -> new Receipt.Conflict());
  }

  private static boolean isNothingNew(Job current, Result result) {
    return current.state() == JobState.CANCELLED
        || current.result().filter(first -> isSame(first, result)).isPresent();
  }

  private static boolean isSame(Result first, Result second) {
    boolean sameMessage =
        first.messageId().isPresent() && first.messageId().equals(second.messageId());
    return sameMessage || Arrays.equals(first.body(), second.body());
  }
}
