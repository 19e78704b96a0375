package io.asyncproxy.dispatch;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.store.JobStore;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
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

  /** Asked at once; the others are brought again when their lease is over. */
  private static final int MOST_ASKED = 32;

  /** Where nobody knows yet how long results take, the job server is first asked after this. */
  private static final Duration FIRST_ASK = Duration.ofSeconds(3);

  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /**
   * What they are looked after with.
   *
   * @param store where the jobs are
   * @param clock the time that is stored
   * @param lifetimes how long jobs may take
   * @param overdueAfter when a callback counts as overdue, where that is known
   * @param take takes a result in, as if its callback had come
   * @param listener hears of each overdue job once
   */
  public record Surroundings(
      JobStore store,
      InstantSource clock,
      Lifetimes lifetimes,
      Supplier<Optional<Duration>> overdueAfter,
      BiFunction<JobId, byte[], Future<Boolean>> take,
      Consumer<Job> listener) {}

  private final Optional<String> statusUrl;
  private final Surroundings around;
  private final AtomicInteger asked = new AtomicInteger();

  /** Overdue jobs that can be asked for at {@code statusUrl}, or can't. */
  public OverdueJobs(Optional<String> statusUrl, Surroundings around) {
    this.statusUrl = statusUrl;
    this.around = around;
  }

  /** When a callback is late enough to be looked after; empty for never. */
  public Optional<Duration> lookAfter() {
    return around.overdueAfter().get().or(() -> statusUrl.map(_ -> FIRST_ASK));
  }

  /** Looks after {@code job}, whose time to be looked at has come. */
  public void look(Job job, Lane lane) {
    if (statusUrl.isPresent() && job.jobServerId().isPresent()) {
      lane.loop().execute(() -> ask(job, statusUrl.get(), job.jobServerId().get(), lane));
    } else {
      note(job, Attempt.OVERDUE, "Its callback is overdue", end(job));
    }
  }

  private void ask(Job job, String template, String id, Lane lane) {
    if (asked.incrementAndGet() > MOST_ASKED) {
      asked.decrementAndGet();
      return;
    }
    String url = template.replace("{id}", URLEncoder.encode(id, StandardCharsets.UTF_8));
    lane.client()
        .ask(url)
        .onComplete(_ -> asked.decrementAndGet())
        .onSuccess(
            answer -> {
              switch (answer) {
                case StatusAnswer.Finished(byte[] body) -> take(job, body);
                case StatusAnswer.NotFinished(String detail) -> askLater(job, detail);
              }
            });
  }

  private void take(Job job, byte[] body) {
    around
        .take()
        .apply(job.id(), body)
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

  private void askLater(Job job, String detail) {
    Instant now = around.clock().instant();
    Duration waited = Duration.between(job.startedAt().orElse(now), now);
    Duration wait = clamp(waited.dividedBy(2));
    Instant next = now.plus(wait).isBefore(end(job)) ? now.plus(wait) : end(job);
    boolean late =
        around.overdueAfter().get().filter(usual -> waited.compareTo(usual) >= 0).isPresent();
    note(job, late && !job.isOverdue() ? Attempt.OVERDUE : Attempt.ASKED, detail, next);
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
