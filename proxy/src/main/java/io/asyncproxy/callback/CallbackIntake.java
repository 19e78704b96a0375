package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import io.asyncproxy.json.Member;
import io.asyncproxy.route.Heard;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes results in. A callback is acknowledged only when its result is durable; of several results
 * of a job the first one wins, whatever else happens at the same time. Thread-safe.
 */
public final class CallbackIntake {
  private static final Set<String> MEMBERS = Set.of("id", "state");
  private static final Set<String> GOES_ON = Set.of("queued", "starting", "running");
  private static final String FAILED = "failed";

  /** Fetches a result that a callback only names. */
  @FunctionalInterface
  public interface Fetcher {
    /** What was fetched: a result, or what is wrong. */
    Future<Heard> fetch(Job job, Heard.Fetch fetch);
  }

  private final CallbackToken tokens;
  private final JobStore store;
  private final Lifetimes lifetimes;
  private final InstantSource clock;
  private final CallbackListener listener;
  private final CallbackTimes times = new CallbackTimes();

  /** An intake for callbacks whose URLs hold one of {@code tokens}. */
  public CallbackIntake(
      CallbackToken tokens,
      JobStore store,
      Lifetimes lifetimes,
      InstantSource clock,
      CallbackListener listener) {
    this.listener = listener;
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
  public Optional<JobId> authenticate(String token, String route) {
    return tokens.verify(token, route);
  }

  /** What a callback of the default protocol says. */
  public static Heard hear(byte[] body, Optional<String> messageId) {
    try {
      JsonMembers members = JsonMembers.read(body, MEMBERS);
      Optional<String> id = members.string("id");
      if (id.isEmpty()) {
        return new Heard.Nonsense("Missing job ID in callback");
      }
      String state = members.member("state").flatMap(Member::string).orElse("");
      return GOES_ON.contains(state)
          ? new Heard.Progress(id, body)
          : new Heard.Finished(id, new Result(body, state.equals(FAILED), messageId));
    } catch (InvalidJsonException invalid) {
      return new Heard.Nonsense(invalid.error());
    }
  }

  /**
   * Takes one callback of the default protocol in.
   *
   * @param job whose token it came with
   * @param body its body, byte for byte
   * @param messageId the id of the message (Standard Webhooks), where it had one
   * @return what became of it; fails when the store could not keep it
   */
  public Future<Receipt> receive(JobId job, byte[] body, Optional<String> messageId) {
    return take(job, hear(body, messageId), CallbackIntake::nothingToFetch);
  }

  static Future<Heard> nothingToFetch(Job job, Heard.Fetch fetch) {
    return Future.succeededFuture(new Heard.Nonsense("There is nothing to fetch"));
  }

  /** Takes in what was said of {@code job}; fails when the store could not keep it. */
  public Future<Receipt> take(JobId job, Heard heard, Fetcher fetcher) {
    long began = System.nanoTime();
    Future<Receipt> receipt =
        switch (heard) {
          case Heard.Nonsense(String error) -> Future.succeededFuture(new Receipt.Invalid(error));
          case Heard.Finished(Optional<String> id, Result result) -> finish(job, result, id);
          case Heard.Progress progress -> ifKept(job, kept -> goOn(kept, progress));
          case Heard.Fetch fetch -> ifKept(job, kept -> fetch(kept, fetch, fetcher));
        };
    return receipt.onSuccess(how -> listener.taken(job, how, System.nanoTime() - began));
  }

  /** Takes the result of {@code job} in, which the job server calls {@code jobServerId}. */
  public Future<Receipt> finish(JobId job, Result result, Optional<String> jobServerId) {
    Instant now = clock.instant();
    listener.arrived(job);
    return store
        .apply(job, new Change.Finish(result, jobServerId, now, now.plus(lifetimes.retention())))
        .compose(verdict -> receipt(job, result, now, verdict));
  }

  /** What {@code next} makes of the job, as long as it is kept. */
  private Future<Receipt> ifKept(JobId id, Function<Job, Future<Receipt>> next) {
    return store
        .find(id)
        .compose(
            found ->
                found.isPresent()
                    ? next.apply(found.get())
                    : Future.succeededFuture(new Receipt.Gone()));
  }

  /** It runs, then, and is looked at again when it would have been. */
  private Future<Receipt> goOn(Job job, Heard.Progress said) {
    if (job.resultUrl().isPresent()) { // it is known to be done, and where the result is
      return Future.succeededFuture(new Receipt.Progress());
    }
    Instant now = clock.instant();
    Instant wakeAt =
        job.state() == JobState.RUNNING ? job.wakeAt() : lifetimes.callbackBefore(job, now);
    Progress progress = Progress.of(now, said.body());
    return store
        .apply(job.id(), new Change.Progressed(progress, said.id(), wakeAt))
        .map(_ -> new Receipt.Progress());
  }

  /** Durable only when it is here: until then the sender has to come again, or is asked. */
  private Future<Receipt> fetch(Job job, Heard.Fetch fetch, Fetcher fetcher) {
    if (job.state().isDecided()) {
      return Future.succeededFuture(new Receipt.Duplicate());
    }
    return fetcher
        .fetch(job, fetch)
        .compose(
            heard ->
                heard instanceof Heard.Finished(Optional<String> _, Result result)
                    ? finish(job.id(), result, fetch.id())
                    : notFetched(job, fetch, heard));
  }

  private Future<Receipt> notFetched(Job job, Heard.Fetch fetch, Heard heard) {
    String why =
        heard instanceof Heard.Nonsense(String error) ? error : "its result is not there yet";
    return fetchLater(job, fetch, why)
        .compose(_ -> Future.failedFuture(new StoreUnavailableException("not fetched: " + why)));
  }

  /** From now on the sweeper has the result fetched until it is here, or the job's time is over. */
  private Future<Verdict> fetchLater(Job job, Heard.Fetch fetch, String why) {
    Instant now = clock.instant();
    Attempt noted = new Attempt(job.attempts(), now, Attempt.DONE, "The job is done, but " + why);
    Progress where = new Progress(now, fetch.url().getBytes(UTF_8));
    return store
        .apply(job.id(), new Change.Progressed(where, fetch.id(), now))
        .compose(_ -> store.apply(job.id(), new Change.Overdue(noted, now.plusSeconds(1))));
  }

  /** {@code job} is done, as was said before anybody knew whose that was. */
  Future<Receipt> fetchLater(JobId job, Heard.Fetch fetch) {
    return ifKept(
        job,
        kept ->
            fetchLater(kept, fetch, "its start was not answered yet")
                .map(_ -> new Receipt.Progress()));
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
