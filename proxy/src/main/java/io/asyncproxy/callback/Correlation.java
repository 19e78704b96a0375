package io.asyncproxy.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Via;
import io.asyncproxy.loop.Batches;
import io.asyncproxy.route.Heard;
import io.asyncproxy.store.JobName;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Notes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs by what the job server calls them, where the callback URL does not say. A callback may
 * overtake the start response that names its id: it is kept until then, durably unless that comes
 * at once and before anybody is told. Whatever ends in between, the store has either the callback
 * or the name, and who looks at what was kept ({@link #lookAtEarly}) brings them together.
 * Thread-safe.
 */
public final class Correlation {
  private static final Logger LOG = LoggerFactory.getLogger(Correlation.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final int BATCH = 200;

  /** How many orphans are read at once when their names are recalled. */
  private static final int RECALLED = 20;

  /**
   * What surrounds it.
   *
   * @param notes where callbacks and names are kept
   * @param intake takes results in, once their job is known
   * @param clock the time that is stored
   * @param random ids of notes: unguessable, and for all threads
   * @param lifetimes how long jobs may take and are kept
   * @param patience how long a callback waits for its start response before it is written down
   * @param grace how long a start response may be behind its callback
   * @param later runs something after a while
   * @param orphaned told of each callback whose job nobody knows
   */
  public record Surroundings(
      Notes notes,
      CallbackIntake intake,
      InstantSource clock,
      SecureRandom random,
      Lifetimes lifetimes,
      Duration patience,
      Supplier<Duration> grace,
      BiConsumer<Duration, Runnable> later,
      Runnable orphaned) {}

  private final Surroundings around;
  private final RecentNames recentNames = new RecentNames();
  private final AwaitedStarts awaited = new AwaitedStarts();
  private final EarlyNames earlyNames = new EarlyNames();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean isRecalled;

  /** Whether all that processes before this one kept was looked at. */
  private volatile boolean isLookedThrough;

  /** A correlation. */
  public Correlation(Surroundings around) {
    this.around = around;
  }

  private static String about(String route, String id) {
    return new JobName(route, id).text();
  }

  /** Takes in a callback of the default protocol that names its job by the job server's id. */
  public Future<Receipt> receive(byte[] body, Optional<String> messageId) {
    return receive("", CallbackIntake.hear(body, messageId), CallbackIntake::nothingToFetch);
  }

  /** Takes in what the API of {@code route} says, which names its job by its own id. */
  Future<Receipt> receive(String route, Heard heard, CallbackIntake.Fetcher fetcher) {
    return switch (heard) {
      case Heard.Nonsense(String error) -> Future.succeededFuture(new Receipt.Invalid(error));
      case Heard.Finished(Optional<String> id, Result result) ->
          receive(about(route, id.orElse("")), heard, fetcher, stray(route, heard, result.body()));
      case Heard.Progress(Optional<String> id, byte[] _) ->
          known(about(route, id.orElse("")), heard, fetcher);
      case Heard.Fetch(Optional<String> id, String url, Optional<Result> failure) ->
          receive(
              about(route, id.orElse("")),
              heard,
              fetcher,
              failure.isPresent()
                  ? stray(route, new Heard.Finished(id, failure.get()), failure.get().body())
                  : stray(route, heard, url.getBytes(UTF_8)));
    };
  }

  /** What came by a route is kept as it was read, since only that route can read it. */
  private static StrayCallback stray(String route, Heard heard, byte[] body) {
    Optional<String> messageId =
        heard instanceof Heard.Finished(Optional<String> _, Result result)
            ? result.messageId()
            : Optional.empty();
    return new StrayCallback(
        messageId,
        "no start response has named its id",
        body,
        route.isEmpty() ? Optional.empty() : Optional.of(heard));
  }

  /** Progress says nothing that does not come again: of nobody's job it is not kept. */
  private Future<Receipt> known(String about, Heard heard, CallbackIntake.Fetcher fetcher) {
    Optional<JobId> recent = recentNames.find(about);
    return (recent.isPresent() ? Future.succeededFuture(recent) : around.notes().jobOf(about))
        .compose(job -> take(job, heard, fetcher));
  }

  private Future<Receipt> receive(
      String id, Heard heard, CallbackIntake.Fetcher fetcher, StrayCallback stray) {
    Callback callback = new Callback(id, heard, fetcher, stray);
    Optional<JobId> recent = recentNames.find(id);
    return recent.isEmpty() && !around.patience().isZero()
        ? waitForStart(callback)
        : take(recent, callback);
  }

  /** What came, and what it is found by. */
  private record Callback(
      String about, Heard heard, CallbackIntake.Fetcher fetcher, StrayCallback stray) {}

  private Future<Receipt> waitForStart(Callback callback) {
    String about = callback.about();
    Optional<Promise<Optional<JobId>>> place = awaited.await(about);
    if (place.isEmpty()) {
      return look(callback);
    }
    Optional<JobId> meanwhile = recentNames.find(about);
    if (meanwhile.isPresent()) {
      awaited.known(about, meanwhile.get());
    } else {
      around.later().accept(around.patience(), () -> awaited.giveUp(about, place.get()));
    }
    return place.get().future().compose(job -> take(job, callback));
  }

  private Future<Receipt> take(Optional<JobId> recent, Callback callback) {
    if (recent.isEmpty()) {
      return look(callback);
    }
    return around
        .intake()
        .take(recent.get(), callback.heard(), callback.fetcher())
        .compose(
            receipt -> {
              if (receipt instanceof Receipt.Gone) {
                recentNames.remove(callback.about());
                return look(callback);
              }
              return Future.succeededFuture(receipt);
            });
  }

  private Future<Receipt> look(Callback callback) {
    String about = callback.about();
    earlyNames.add(about); // before the last look: a start answered now sees it, or is seen
    Optional<JobId> meanwhile = recentNames.find(about);
    if (meanwhile.isPresent()) {
      earlyNames.remove(about);
      return take(meanwhile, callback.heard(), callback.fetcher());
    }
    Instant now = around.clock().instant();
    JobId name = JobId.create(now.toEpochMilli(), around.random());
    byte[] content = callback.stray().content();
    Note early = new Note(Note.Kind.EARLY, name, about, now.plus(LOOK_AGAIN), content);
    return around
        .notes()
        .jobOf(about, early)
        .onSuccess(job -> job.ifPresent(_ -> earlyNames.remove(about)))
        .compose(job -> take(job, callback.heard(), callback.fetcher()));
  }

  private Future<Receipt> take(Optional<JobId> job, Heard heard, CallbackIntake.Fetcher fetcher) {
    return job.isPresent()
        ? around.intake().take(job.get(), heard, fetcher).map(Correlation::ofAll)
        : Future.succeededFuture(new Receipt.Unknown());
  }

  /**
   * The URL is that of all jobs: "gone" would have senders give it up (Standard Webhooks 1.0 says
   * of 410 that the endpoint should be disabled).
   */
  private static Receipt ofAll(Receipt receipt) {
    return receipt instanceof Receipt.Gone ? new Receipt.Unknown() : receipt;
  }

  /**
   * The job server calls {@code job} {@code id}: callbacks that came before are taken in. Where the
   * job's own record will say its name, and nothing came early, there is no need to write it twice.
   * The record of a job that was accepted when callback URLs named jobs does not; and what a
   * process before this one kept is known only after the first look.
   */
  public void started(Job job, String id, Lifetimes lifetimes) {
    Via via = job.submission().via();
    String about = about(via.route(), id);
    recentNames.put(about, job.id());
    awaited.known(about, job.id());
    boolean isFoundByRecord = via.byId() && around.notes().knowNamedJobs();
    if (earlyNames.remove(about) || !isFoundByRecord || !isLookedThrough) {
      link(job.id(), via.route(), id, lifetimes);
    }
  }

  /**
   * How many names are being written down and kept callbacks taken in now: an orderly stop waits
   * for them, so that nothing is left for the next process to bring together.
   */
  public int underWay() {
    return underWay.get();
  }

  /** Writes the name down: tried until it is written, as long as the job may take. */
  public void link(JobId job, String route, String id, Lifetimes lifetimes) {
    Instant now = around.clock().instant();
    Duration kept = lifetimes.timeout().multipliedBy(2).plus(lifetimes.retention());
    underWay.incrementAndGet();
    around
        .notes()
        .link(about(route, id), job, now, kept)
        .compose(early -> takeInAll(job, early))
        .onComplete(_ -> underWay.decrementAndGet())
        .onFailure(failure -> tryAgain(job, route, id, lifetimes, failure));
  }

  /** A job was given up, and is kept for longer: its result may come as long as it is. */
  public void givenUp(Job job) {
    if (around.notes().knowNamedJobs()) {
      return;
    }
    Duration kept = around.lifetimes().deadLetterRetention();
    job.jobServerId()
        .ifPresent(
            id ->
                around
                    .notes()
                    .link(
                        about(job.submission().via().route(), id),
                        job.id(),
                        around.clock().instant(),
                        kept)
                    .onFailure(
                        failure ->
                            LOG.warn(
                                "Job {}: a result that comes later than {} may not find it: {}",
                                job.id(),
                                around.lifetimes().retention(),
                                failure.getMessage())));
  }

  private void tryAgain(
      JobId job, String route, String id, Lifetimes lifetimes, Throwable failure) {
    Duration longest = lifetimes.timeout().multipliedBy(2);
    Instant end = Instant.ofEpochMilli(job.createdMillis()).plus(longest);
    if (around.clock().instant().isBefore(end)) {
      LOG.warn(
          "Job {}: what the job server calls it, or what came early, is not stored: {}; tried again in"
              + " {} s, its callback is kept meanwhile",
          job,
          failure.getMessage(),
          TRY_AGAIN.toSeconds());
      around.later().accept(TRY_AGAIN, () -> link(job, route, id, lifetimes));
    }
  }

  /** One after the other, as they came: the first result wins. */
  private Future<Void> takeInAll(JobId job, List<Note> early) {
    Iterator<Note> notes = early.stream().sorted(Comparator.comparing(Note::id)).iterator();
    return Batches.whileMore(
        () ->
            notes.hasNext() ? takeIn(job, notes.next()).map(true) : Future.succeededFuture(false));
  }

  /** Forgotten only once its result is durable. */
  private Future<Boolean> takeIn(JobId job, Note note) {
    StrayCallback stray = StrayCallback.of(note);
    Future<Receipt> taken =
        stray.heard() instanceof Heard.Fetch fetch
            ? around.intake().fetchLater(job, fetch)
            : around.intake().take(job, stray.heard(), CallbackIntake::nothingToFetch);
    return taken.compose(_ -> around.notes().remove(note.kind(), note.id()));
  }

  /** Takes in what was left behind; what nobody has named after all is an orphan from then on. */
  public Future<Void> lookAtEarly() {
    Future<Void> recalled =
        isRecalled ? Future.succeededFuture() : recallOrphans().onSuccess(_ -> isRecalled = true);
    return recalled
        .compose(
            _ -> {
              Instant now = around.clock().instant();
              return Batches.whileMore(() -> lookAtEarly(now));
            })
        .onSuccess(_ -> isLookedThrough = true);
  }

  /** What processes before this one kept: a start response may still name it. */
  private Future<Void> recallOrphans() {
    AtomicReference<Optional<JobId>> before = new AtomicReference<>(Optional.empty());
    return Batches.whileMore(
        () ->
            around
                .notes()
                .list(Note.Kind.ORPHAN, before.get(), RECALLED)
                .map(
                    orphans -> {
                      for (Note orphan : orphans) {
                        earlyNames.add(orphan.about());
                        before.set(Optional.of(orphan.id()));
                      }
                      return orphans.size() == RECALLED;
                    }));
  }

  /**
   * One batch; what it has seen is due later than that, so that it comes to an end. The first look
   * sees all that there is where a start that is answered behind it relies on that.
   */
  private Future<Boolean> lookAtEarly(Instant now) {
    Instant again = now.plus(LOOK_AGAIN);
    boolean isLookedAtOnce = !isLookedThrough && around.notes().knowNamedJobs();
    Instant before = isLookedAtOnce ? again.minusMillis(1) : now;
    return around
        .notes()
        .claimDue(Note.Kind.EARLY, before, again, BATCH)
        .compose(
            due ->
                Future.join(due.stream().map(note -> look(note, now)).toList())
                    .otherwiseEmpty()
                    .map(_ -> due.size() == BATCH));
  }

  private Future<Boolean> look(Note note, Instant now) {
    Note later = note.with(now.plus(LOOK_AGAIN), note.content());
    earlyNames.add(note.about()); // before the look, as above
    underWay.incrementAndGet();
    return around
        .notes()
        .jobOf(note.about(), later)
        .compose(
            job -> {
              if (job.isPresent()) {
                earlyNames.remove(note.about());
                return takeIn(job.get(), note);
              }
              Instant end =
                  Instant.ofEpochMilli(note.id().createdMillis()).plus(around.grace().get());
              boolean isBeingNamed = recentNames.find(note.about()).isPresent();
              return now.isBefore(end) || isBeingNamed
                  ? Future.succeededFuture(false)
                  : orphan(note, now);
            })
        .onComplete(_ -> underWay.decrementAndGet())
        .onFailure(
            failure ->
                LOG.warn(
                    "An early callback is not stored: {}; it is looked at again in {} s",
                    failure.getMessage(),
                    LOOK_AGAIN.toSeconds()));
  }

  private Future<Boolean> orphan(Note note, Instant now) {
    Note orphan = note.as(Note.Kind.ORPHAN, now.plus(around.lifetimes().deadLetterRetention()));
    return around
        .notes()
        .replace(note, orphan)
        .onSuccess(
            done -> {
              if (done) {
                around.orphaned().run();
              }
            });
  }
}
