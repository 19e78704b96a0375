package io.asyncproxy.dispatch;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.route.Heard;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Running jobs whose callback is late: noted in their history, and asked for where the job server
 * can be asked, so that a callback lost on the way is not a lost result. Thread-safe.
 */
public final class OverdueJobs {
  private static final Logger LOG = LoggerFactory.getLogger(OverdueJobs.class);

  private static final int ASKED_AT_ONCE = 32;

  /** Where nobody knows yet how long results take, the job server is first asked after this. */
  private static final Duration FIRST_ASK = Duration.ofSeconds(3);

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Takes a result in, as if its callback had come. */
  @FunctionalInterface
  public interface Intake {
    /** Whether the job has a result now; fails where the store could not keep it. */
    Future<Boolean> take(JobId job, Result result, Optional<String> id);
  }

  /**
   * When and whom to ask.
   *
   * @param dialect how the job server is spoken to
   * @param canBeAsked whether it can be
   * @param every how often, from the start of a job on; empty: once a callback is overdue
   */
  public record Questions(Dialect dialect, boolean canBeAsked, Optional<Duration> every) {}

  /**
   * What they are looked after with.
   *
   * @param store where the jobs are
   * @param clock the time that is stored
   * @param lifetimes how long jobs may take
   * @param overdueAfter when a callback counts as overdue, where that is known
   * @param intake takes results in
   * @param listener hears of each overdue job once
   */
  public record Surroundings(
      JobStore store,
      InstantSource clock,
      Lifetimes lifetimes,
      Supplier<Optional<Duration>> overdueAfter,
      Intake intake,
      Consumer<Job> listener) {}

  private final Questions questions;
  private final Surroundings around;
  private final Turns turns = new Turns(ASKED_AT_ONCE);

  /** Overdue jobs of one job server. */
  public OverdueJobs(Questions questions, Surroundings around) {
    this.questions = questions;
    this.around = around;
  }

  /** When a callback is late enough to be looked after; empty for never. */
  public Optional<Duration> lookAfter() {
    return questions
        .every()
        .or(around.overdueAfter())
        .or(() -> questions.canBeAsked() ? Optional.of(FIRST_ASK) : Optional.empty());
  }

  /** Looks after {@code job}, whose time to be looked at has come. */
  public void look(Job job, Lane lane) {
    Optional<Supplier<Future<Heard>>> answer = answer(job, lane);
    if (answer.isEmpty()) {
      note(job, Attempt.OVERDUE, "Its callback is overdue", end(job));
    } else if (turns.begin(job.id(), lane)) {
      lane.loop().execute(() -> ask(job, lane, answer.get()));
    }
  }

  /** What the job server says of {@code job}; empty where it can't be asked. */
  private Optional<Supplier<Future<Heard>>> answer(Job job, Lane lane) {
    if (job.resultUrl().isPresent()) {
      Heard.Fetch again =
          new Heard.Fetch(job.jobServerId(), job.resultUrl().get(), Optional.empty());
      return Optional.of(() -> fetch(job, again, lane));
    }
    Optional<Dialect.Question> question =
        questions.canBeAsked() ? questions.dialect().question(job) : Optional.empty();
    return question.map(asked -> () -> ask(asked, lane));
  }

  private Future<Heard> ask(Dialect.Question question, Lane lane) {
    return lane.client().ask(question).map(this::heard);
  }

  private void ask(Job job, Lane lane, Supplier<Future<Heard>> answer) {
    Future.<Void>succeededFuture()
        .compose(_ -> answer.get())
        .compose(heard -> fetched(job, heard, lane))
        .onComplete(_ -> next())
        .onSuccess(
            heard -> {
              switch (heard) {
                case Heard.Finished(Optional<String> id, Result result) -> take(job, result, id);
                case Heard.Progress progress -> goesOn(job, progress);
                case Heard.Nonsense(String error) ->
                    askLater(job, "The job server was asked for the job and " + error);
                case Heard.Fetch _ -> askLater(job, "The result names another result");
              }
            });
  }

  private void next() {
    turns
        .next()
        .ifPresent(
            next -> next.getValue().loop().execute(() -> askNext(next.getKey(), next.getValue())));
  }

  /** It has waited, and may have ended; where it can't be read it comes when its lease is over. */
  private void askNext(JobId id, Lane lane) {
    around
        .store()
        .find(id)
        .onComplete(
            found ->
                found
                    .filter(job -> job.state() == JobState.RUNNING)
                    .flatMap(
                        job ->
                            answer(job, lane)
                                .map(answer -> (Runnable) () -> ask(job, lane, answer)))
                    .ifPresentOrElse(Runnable::run, this::next),
            _ -> next());
  }

  private Heard heard(Asked answer) {
    return switch (answer) {
      case Asked.Answered(int status, var message) -> questions.dialect().status(status, message);
      case Asked.NoAnswer(String why) -> new Heard.Nonsense("could not be asked: " + why);
    };
  }

  /** What was heard, with the result itself where only its URL was. */
  private Future<Heard> fetched(Job job, Heard heard, Lane lane) {
    return heard instanceof Heard.Fetch fetch
        ? fetch(job, fetch, lane)
        : Future.succeededFuture(heard);
  }

  /**
   * Fetches the result that the job server says there is; never fails. Of a job that failed there
   * is one even where none can be fetched.
   */
  public Future<Heard> fetch(Job job, Heard.Fetch fetch, Lane lane) {
    return fetchResult(job, fetch, lane)
        .map(
            heard ->
                heard instanceof Heard.Finished || fetch.failure().isEmpty()
                    ? heard
                    : new Heard.Finished(fetch.id(), fetch.failure().get()));
  }

  private Future<Heard> fetchResult(Job job, Heard.Fetch fetch, Lane lane) {
    Optional<Dialect.Question> question = questions.dialect().fetch(job, fetch);
    if (question.isEmpty()) {
      return Future.succeededFuture(new Heard.Nonsense("names a result that is not fetched"));
    }
    return lane.client()
        .ask(question.get())
        .map(
            answer ->
                switch (answer) {
                  case Asked.Answered(int status, var message) ->
                      questions.dialect().fetched(status, message, fetch.failure().isPresent());
                  case Asked.NoAnswer(String why) ->
                      new Heard.Nonsense("its result could not be fetched: " + why);
                });
  }

  private void take(Job job, Result result, Optional<String> id) {
    around
        .intake()
        .take(job.id(), result, id)
        .onComplete(
            taken -> {
              if (!taken) {
                askLater(job, "The job server was asked for the job; its answer is no result");
              }
            },
            failure ->
                LOG.warn(
                    "The result of job {} that the job server was asked for is not stored: {}; it"
                        + " is asked for again when its lease is over",
                    job.id(),
                    failure.getMessage()));
  }

  private void goesOn(Job job, Heard.Progress progress) {
    Progress heard = Progress.of(around.clock().instant(), progress.body());
    around
        .store()
        .apply(job.id(), new Change.Progressed(heard, progress.id(), job.wakeAt()))
        .onComplete(_ -> askLater(job, "The job server was asked for the job: it goes on"));
  }

  private void askLater(Job job, String detail) {
    Instant now = around.clock().instant();
    Duration waited = Duration.between(job.startedAt().orElse(now), now);
    Duration wait = questions.every().orElseGet(() -> clamp(waited.dividedBy(2)));
    Instant next = now.plus(wait).isBefore(end(job)) ? now.plus(wait) : end(job);
    boolean late =
        around.overdueAfter().get().filter(usual -> waited.compareTo(usual) >= 0).isPresent();
    String outcome =
        job.resultUrl().isPresent()
            ? Attempt.DONE // said again, so that it stays in the history
            : late && !job.isOverdue() ? Attempt.OVERDUE : Attempt.ASKED;
    note(job, outcome, detail, next);
  }

  private static Duration clamp(Duration wait) {
    return wait.compareTo(SHORTEST_WAIT) < 0
        ? SHORTEST_WAIT
        : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private Instant end(Job job) {
    return around.lifetimes().end(job, around.clock().instant());
  }

  private void note(Job job, String outcome, String detail, Instant next) {
    if (outcome.equals(Attempt.OVERDUE)) {
      around.listener().accept(job);
    }
    Attempt noted = new Attempt(job.attempts(), around.clock().instant(), outcome, detail);
    around
        .store()
        .apply(job.id(), new Change.Overdue(noted, next))
        .onFailure(
            failure ->
                LOG.warn(
                    "That job {} is overdue is not stored: {}; it is looked at again when its"
                        + " lease is over",
                    job.id(),
                    failure.getMessage()));
  }
}
