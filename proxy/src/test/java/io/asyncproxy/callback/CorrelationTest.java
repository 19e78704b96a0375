package io.asyncproxy.callback;

import static io.asyncproxy.job.Jobs.CREATED;
import static io.asyncproxy.job.Jobs.LIFETIMES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callbacks and the names of their jobs, by a clock that the test moves and a store that fails. */
class CorrelationTest {
  private static final Duration GRACE = Duration.ofSeconds(35);
  private static final String RESULT = "{\"id\":\"j1\",\"state\":\"completed\",\"n\":1}";
  private static final String OTHER = "{\"id\":\"j1\",\"state\":\"completed\",\"n\":2}";

  private final MemoryJobStore store = new MemoryJobStore(100_000_000);
  private final AtomicInteger failures = new AtomicInteger();
  private String failing = "";
  private String slow = "";
  private final Promise<Void> wait = Promise.promise();
  private boolean knowNamedJobs;
  private Instant now = CREATED;
  private final List<Runnable> later = new ArrayList<>();
  private int orphans;
  private final Notes notes = fragile(Notes.class, store.notes());
  private final Correlation correlation = correlation(Duration.ZERO);
  private final Correlation patient = correlation(Duration.ofMillis(50));
  private final Job job = Jobs.starting();

  private Correlation correlation(Duration patience) {
    return new Correlation(
        new Correlation.Surroundings(
            notes,
            new CallbackIntake(
                new CallbackToken(List.of("secret".getBytes(UTF_8))),
                fragile(JobStore.class, store),
                LIFETIMES,
                () -> now,
                _ -> {}),
            () -> now,
            new SecureRandom(),
            LIFETIMES,
            patience,
            () -> GRACE,
            (_, action) -> later.add(action),
            () -> orphans++));
  }

  /** Fails the next calls of the method {@link #failing}, as often as {@link #failures} says. */
  private <T> T fragile(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (method.getName().equals(failing) && failures.getAndDecrement() > 0) {
                return Future.failedFuture(new StoreUnavailableException("away"));
              }
              if (method.getName().equals("knowNamedJobs")) {
                return knowNamedJobs;
              }
              try {
                Object answer = method.invoke(real, arguments);
                return method.getName().equals(slow)
                    ? wait.future().compose(_ -> (Future<?>) answer)
                    : answer;
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            }));
  }

  private void fail(String method, int times) {
    failing = method;
    failures.set(times);
  }

  @BeforeEach
  void accept() {
    store.accept(job).await();
  }

  private Receipt receive(String body) {
    now = now.plusMillis(1);
    return correlation.receive(body.getBytes(UTF_8), Optional.empty()).await();
  }

  private void lookAt(Instant time) {
    lookAt(correlation, time);
  }

  private void lookAt(Correlation who, Instant time) {
    now = time;
    who.lookAtEarly().await();
  }

  private long count(Kind kind) {
    return store.notes().count(kind).await();
  }

  private Job stored() {
    return store.find(job.id()).await().orElseThrow();
  }

  private String result() {
    return new String(stored().result().orElseThrow().body(), UTF_8);
  }

  @Test
  void whatNobodyNamesInItsTimeIsAnOrphanAndCountedOnce() {
    assertThat(receive(RESULT)).isEqualTo(new Receipt.Unknown());
    Instant came = now;
    for (int seconds = 0; seconds < GRACE.toSeconds(); seconds += 5) {
      lookAt(came.plusSeconds(seconds));
    }
    lookAt(came.plus(GRACE).minusMillis(1));
    assertThat(count(Kind.EARLY)).isEqualTo(1);
    assertThat(orphans).isZero();
    for (int again = 0; again < 3; again++) {
      lookAt(came.plus(GRACE).plusSeconds(5L * (again + 1)));
      assertThat(count(Kind.EARLY)).isZero();
      assertThat(count(Kind.ORPHAN)).isEqualTo(1);
      assertThat(orphans).isEqualTo(1);
    }
  }

  @Test
  void orphanIsForgottenAfterTheRetentionOfDeadLetters() {
    receive(RESULT);
    lookAt(now.plus(GRACE));
    Instant since = now;
    store.notes().purge(since.plus(LIFETIMES.deadLetterRetention()).minusMillis(1), 100).await();
    assertThat(count(Kind.ORPHAN)).isEqualTo(1);
    store.notes().purge(since.plus(LIFETIMES.deadLetterRetention()), 100).await();
    assertThat(count(Kind.ORPHAN)).isZero();
  }

  @Test
  void startResponseThatComesAfterAllFindsTheOrphan() {
    receive(RESULT);
    lookAt(now.plus(GRACE));
    correlation.started(job, "j1", LIFETIMES);
    assertThat(result()).isEqualTo(RESULT);
    assertThat(count(Kind.ORPHAN)).isZero();
  }

  @Test
  void oneLookSeesAllThatIsDueAndOrphansAreBounded() {
    int many = Kind.ORPHAN.most() + 500;
    for (int i = 0; i < many; i++) {
      receive("{\"id\":\"x" + i + "\"}");
    }
    lookAt(now.plus(GRACE));
    assertThat(count(Kind.EARLY)).isZero();
    assertThat(count(Kind.ORPHAN)).isEqualTo(Kind.ORPHAN.most());
    assertThat(orphans).isEqualTo(many);
  }

  @Test
  void earlyOnesAreBoundedAndOthersStillGetThrough() {
    correlation.started(job, "j1", LIFETIMES);
    for (int i = 0; i < Kind.EARLY.most(); i++) {
      receive("{\"id\":\"x" + i + "\"}");
    }
    assertThatThrownBy(() -> receive("{\"id\":\"more\"}"))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(receive(RESULT)).isEqualTo(new Receipt.Stored());
    lookAt(now.plus(GRACE));
    assertThat(receive("{\"id\":\"more\"}")).isEqualTo(new Receipt.Unknown());
  }

  @Test
  void ofSeveralEarlyOnesTheFirstWins() {
    for (int i = 0; i < 20; i++) {
      receive(i == 0 ? RESULT : OTHER);
    }
    correlation.started(job, "j1", LIFETIMES);
    assertThat(result()).isEqualTo(RESULT);
    assertThat(count(Kind.EARLY)).isZero();
  }

  @Test
  void nameThatIsNotStoredIsTriedAgain() {
    receive(RESULT);
    fail("link", 3);
    correlation.started(job, "j1", LIFETIMES);
    for (int i = 0; i < 3; i++) {
      assertThat(stored().state()).isEqualTo(JobState.STARTING);
      later.removeFirst().run();
    }
    assertThat(result()).isEqualTo(RESULT);
    assertThat(later).isEmpty();
  }

  @Test
  void nameIsNotTriedForLongerThanTheJobMayTake() {
    fail("link", 1_000);
    correlation.started(job, "j1", LIFETIMES);
    now = CREATED.plus(LIFETIMES.timeout().multipliedBy(2));
    later.removeFirst().run();
    assertThat(later).isEmpty();
  }

  @Test
  void earlyResultThatIsNotStoredIsKeptAndTriedAgain() {
    receive(RESULT);
    fail("apply", 1);
    correlation.started(job, "j1", LIFETIMES);
    assertThat(stored().state()).isEqualTo(JobState.STARTING);
    assertThat(count(Kind.EARLY)).isEqualTo(1);
    later.removeFirst().run();
    assertThat(result()).isEqualTo(RESULT);
    assertThat(count(Kind.EARLY)).isZero();
  }

  @Test
  void orphanWhoseResultIsNotStoredIsTriedAgain() {
    receive(RESULT);
    lookAt(now.plus(GRACE));
    fail("apply", 1);
    correlation.started(job, "j1", LIFETIMES);
    assertThat(count(Kind.ORPHAN)).isEqualTo(1);
    later.removeFirst().run();
    assertThat(result()).isEqualTo(RESULT);
    assertThat(count(Kind.ORPHAN)).isZero();
  }

  @Test
  void earlyResultLeftByACrashIsTakenInByALook() {
    receive(RESULT);
    store.notes().link("j1", job.id(), now, Duration.ofHours(1)).await();
    fail("apply", 1);
    lookAt(now.plusSeconds(5));
    assertThat(stored().state()).isEqualTo(JobState.STARTING);
    lookAt(now.plusSeconds(5));
    assertThat(result()).isEqualTo(RESULT);
    assertThat(count(Kind.EARLY)).isZero();
    assertThat(orphans).isZero();
  }

  @Test
  void whatIsBroughtTogetherIsUnderWayUntilItIsForgotten() {
    receive(RESULT);
    slow = "remove";
    correlation.started(job, "j1", LIFETIMES);
    assertThat(result()).isEqualTo(RESULT);
    assertThat(correlation.underWay()).isEqualTo(1);
    wait.complete();
    assertThat(correlation.underWay()).isZero();
    assertThat(count(Kind.EARLY)).isZero();
  }

  @Test
  void whatALookBringsTogetherIsUnderWayUntilItIsForgotten() {
    receive(RESULT);
    store.notes().link("j1", job.id(), now, Duration.ofHours(1)).await();
    slow = "remove";
    now = now.plusSeconds(5);
    correlation.lookAtEarly();
    assertThat(result()).isEqualTo(RESULT);
    assertThat(correlation.underWay()).isEqualTo(1);
    wait.complete();
    assertThat(correlation.underWay()).isZero();
    assertThat(count(Kind.EARLY)).isZero();
  }

  @Test
  void whatFailsIsNotUnderWay() {
    receive(RESULT);
    fail("link", 1);
    correlation.started(job, "j1", LIFETIMES);
    assertThat(correlation.underWay()).isZero();
    fail("jobOf", 1);
    lookAt(now.plusSeconds(5));
    assertThat(correlation.underWay()).isZero();
  }

  @Test
  void failingLookLeavesAllAsItIs() {
    receive(RESULT);
    fail("replace", 1);
    lookAt(now.plus(GRACE));
    assertThat(count(Kind.EARLY)).isEqualTo(1);
    assertThat(orphans).isZero();
    lookAt(now.plusSeconds(5));
    assertThat(count(Kind.ORPHAN)).isEqualTo(1);
    assertThat(orphans).isEqualTo(1);
  }

  @Test
  void resultOfAForgottenJobIsUnknownBecauseItsUrlIsThatOfAllJobs() {
    correlation.started(Jobs.starting(), "j1", LIFETIMES);
    assertThat(receive(RESULT)).isEqualTo(new Receipt.Unknown());
    assertThat(count(Kind.EARLY)).as("it would not be called for any more").isZero();
  }

  @Test
  void nameIsKnownForAsLongAsResultsAreKept() {
    correlation.started(job, "j1", LIFETIMES);
    now = now.plus(LIFETIMES.timeout().multipliedBy(2)).plus(LIFETIMES.retention()).minusMillis(2);
    store.notes().purge(now, 100).await();
    assertThat(receive(RESULT)).isEqualTo(new Receipt.Stored());
    now = now.plus(LIFETIMES.retention());
    store.purge(now, 100).await();
    store.notes().purge(now, 100).await();
    assertThat(receive(OTHER)).isEqualTo(new Receipt.Unknown());
  }

  @Test
  void nameOfAJobThatWasGivenUpIsKnownForAsLongAsDeadLettersAreKept() {
    correlation.started(job, "j1", LIFETIMES);
    store.apply(job.id(), new Change.Started(1, Optional.of("j1"), now)).await();
    correlation.givenUp(store.find(job.id()).await().orElseThrow());
    now = now.plus(LIFETIMES.deadLetterRetention()).minusMillis(2);
    store.notes().purge(now, 100).await();
    assertThat(receive(RESULT)).isEqualTo(new Receipt.Stored());
  }

  private Future<Receipt> callback(String body) {
    return patient.receive(body.getBytes(UTF_8), Optional.empty());
  }

  @Test
  void callbackThatIsALittleEarlyIsNotWrittenTwice() {
    Future<Receipt> first = callback(RESULT);
    Future<Receipt> second = callback(OTHER);
    assertThat(first.isComplete()).as("nobody is told that it is kept").isFalse();
    assertThat(count(Kind.EARLY)).isZero();
    patient.started(job, "j1", LIFETIMES);
    assertThat(first.await()).isEqualTo(new Receipt.Stored());
    assertThat(second.await()).isEqualTo(new Receipt.Conflict());
    assertThat(result()).isEqualTo(RESULT);
    later.forEach(Runnable::run);
    assertThat(count(Kind.EARLY)).isZero();
    assertThat(callback(RESULT).await()).isEqualTo(new Receipt.Duplicate());
  }

  @Test
  void callbackWhoseStartDoesNotComeSoonIsWrittenDown() {
    Future<Receipt> early = callback(RESULT);
    later.removeFirst().run();
    assertThat(early.await()).isEqualTo(new Receipt.Unknown());
    assertThat(count(Kind.EARLY)).isEqualTo(1);
    patient.started(job, "j1", LIFETIMES);
    assertThat(result()).isEqualTo(RESULT);
    assertThat(count(Kind.EARLY)).isZero();
  }

  @Test
  void tooManyThatWaitAreWrittenDownAtOnce() {
    List<Future<Receipt>> waiting = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      waiting.add(callback("{\"id\":\"x" + i + "\"}"));
    }
    assertThat(waiting).noneMatch(Future::isComplete);
    assertThat(callback(RESULT).await()).isEqualTo(new Receipt.Unknown());
    assertThat(count(Kind.EARLY)).isEqualTo(1);
    later.forEach(Runnable::run);
    assertThat(waiting).allMatch(Future::succeeded);
    assertThat(callback("{\"id\":\"y\"}").isComplete()).as("there is room again").isFalse();
  }

  private Job foundByItsRecord() {
    knowNamedJobs = true;
    Job named = Job.starting(Jobs.submission(Optional.empty()).foundById(), now.plusSeconds(60));
    store.accept(named).await();
    return named;
  }

  /** The sweeper starts what was left before it looks at what came early. */
  @Test
  void startOfANewProcessFindsWhatTheOneBeforeItKept() {
    Job named = foundByItsRecord();
    receive(RESULT);
    lookAt(now.plus(GRACE));
    assertThat(count(Kind.ORPHAN)).isEqualTo(1);
    correlation(Duration.ZERO).started(named, "j1", LIFETIMES);
    assertThat(store.find(named.id()).await().orElseThrow().result()).isPresent();
    assertThat(count(Kind.ORPHAN)).isZero();
  }

  @Test
  void firstLookOfANewProcessSeesWhatTheOneBeforeItHasJustKept() {
    Job named = foundByItsRecord();
    receive(RESULT);
    Correlation next = correlation(Duration.ZERO);
    lookAt(next, now.plusMillis(1));
    next.started(named, "j1", LIFETIMES);
    assertThat(store.find(named.id()).await().orElseThrow().result()).isPresent();
    assertThat(count(Kind.EARLY)).isZero();
  }

  @Test
  void firstLookComesToAnEndHoweverMuchThereIs() {
    for (int i = 0; i < 1_000; i++) {
      receive("{\"id\":\"x" + i + "\"}");
    }
    lookAt(correlation(Duration.ZERO), now.plusMillis(1));
    assertThat(count(Kind.EARLY)).isEqualTo(1_000);
  }

  @Test
  void whatIsJustBeingNamedIsNoOrphan() {
    Job named = foundByItsRecord();
    receive(RESULT);
    Correlation next = correlation(Duration.ZERO);
    now = now.minusSeconds(1);
    next.lookAtEarly().await(); // the note is not due yet
    next.started(named, "j1", LIFETIMES);
    now = now.plus(GRACE).plusSeconds(2);
    next.lookAtEarly().await();
    assertThat(count(Kind.EARLY)).isEqualTo(1);
    assertThat(orphans).isZero();
  }
}
