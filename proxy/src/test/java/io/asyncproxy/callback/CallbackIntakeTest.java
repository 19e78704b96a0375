package io.asyncproxy.callback;

import static io.asyncproxy.job.Jobs.CREATED;
import static io.asyncproxy.job.Jobs.LIFETIMES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure.Reason;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.memory.MemoryJobStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of callbacks whose token was good. */
class CallbackIntakeTest {
  private static final String RESULT = "{\"id\":\"4499\",\"state\":\"completed\",\"proof\":\"07\"}";
  private static final String OTHER = "{\"id\":\"4499\",\"state\":\"completed\",\"proof\":\"08\"}";
  private static final Instant NOW = CREATED.plusSeconds(7);

  private final CallbackToken tokens = new CallbackToken(List.of("secret".getBytes(UTF_8)));
  private final MemoryJobStore store = new MemoryJobStore(1_000_000);
  private final CallbackIntake intake =
      new CallbackIntake(tokens, store, LIFETIMES, () -> NOW, _ -> {});
  private final Job job = Jobs.starting();
  private final JobId id = job.id();

  @BeforeEach
  void accept() {
    store.accept(job).await();
  }

  @Test
  void firstResultIsStoredByteForByte() {
    String odd = " {\"id\" :\"4499\",\t\"big\":1e400, \"caf\u00e9\":[]}\n";

    assertThat(receive(odd)).isEqualTo(new Receipt.Stored());
    assertThat(stored().state()).isEqualTo(JobState.COMPLETED);
    assertThat(stored().result().orElseThrow().body()).isEqualTo(odd.getBytes(UTF_8));
    assertThat(stored().finishedAt()).contains(NOW);
    assertThat(stored().wakeAt()).isEqualTo(NOW.plus(LIFETIMES.retention()));
  }

  @ParameterizedTest
  @CsvSource({"completed,COMPLETED", "failed,FAILED", "anything,COMPLETED", "'',COMPLETED"})
  void jobIsFailedIfItsResultSaysSo(String said, JobState state) {
    String result = "{\"id\":\"4499\",\"state\":\"" + said + "\"}";

    assertThat(receive(result)).isEqualTo(new Receipt.Stored());
    assertThat(stored().state()).isEqualTo(state);
  }

  @Test
  void resultNeedsNoStateAndItsIdIsNotCompared() {
    store.apply(id, new Change.Started(1, java.util.Optional.of("another"), NOW)).await();

    assertThat(receive("{\"id\":\"4499\"}")).isEqualTo(new Receipt.Stored());
  }

  @Test
  void sameBytesAgainAreADuplicate() {
    receive(RESULT);
    Job before = stored();

    assertThat(receive(RESULT)).isEqualTo(new Receipt.Duplicate());
    assertThat(stored()).isSameAs(before);
    assertThat(store.conflicts(id).await()).isEmpty();
  }

  @Test
  void anotherResultIsAConflictAndKeptBesideTheFirst() {
    receive(RESULT);
    Job before = stored();

    assertThat(receive(OTHER)).isEqualTo(new Receipt.Conflict());
    assertThat(stored()).isSameAs(before);
    List<Conflict> kept = store.conflicts(id).await();
    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst().body()).isEqualTo(OTHER.getBytes(UTF_8));
    assertThat(kept.getFirst().at()).isEqualTo(NOW);
  }

  @Test
  void sameMeaningInOtherBytesIsAConflict() {
    receive(RESULT);

    assertThat(receive(RESULT + " ")).isEqualTo(new Receipt.Conflict());
  }

  @Test
  void resultOfACancelledJobIsADuplicateWhateverItSays() {
    store.apply(id, new Change.Cancel(NOW, NOW.plusSeconds(60))).await();

    assertThat(receive(RESULT)).isEqualTo(new Receipt.Duplicate());
    assertThat(receive(OTHER)).isEqualTo(new Receipt.Duplicate());
    assertThat(stored().state()).isEqualTo(JobState.CANCELLED);
    assertThat(stored().result()).isEmpty();
    assertThat(store.conflicts(id).await()).isEmpty();
  }

  @Test
  void lateResultCompletesAJobThatWasGivenUp() {
    store
        .apply(id, new Change.Expire(1, Jobs.failure(Reason.NO_CALLBACK), NOW, NOW.plusSeconds(60)))
        .await();

    assertThat(receive(RESULT)).isEqualTo(new Receipt.Stored());
    assertThat(stored().state()).isEqualTo(JobState.COMPLETED);
    assertThat(stored().failure()).isEmpty();
  }

  @Test
  void resultOfAForgottenJobIsGone() {
    assertThat(intake.receive(Jobs.id(), RESULT.getBytes(UTF_8), Optional.empty()).await())
        .isEqualTo(new Receipt.Gone());
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "starting", "running"})
  void progressIsKeptAndFinishesNothing(String state) {
    assertThat(receive("{\"id\":\"4499\",\"state\":\"" + state + "\"}"))
        .isEqualTo(new Receipt.Progress());
    assertThat(stored().state()).isEqualTo(JobState.RUNNING);
    assertThat(stored().wakeAt()).isEqualTo(LIFETIMES.callbackBefore(job, NOW));
    assertThat(stored().progress().orElseThrow().body()).asString().contains(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|Invalid JSON",
        "{|Invalid JSON",
        "id=4499|Invalid JSON",
        "{\"id\":\"4499\"} x|Invalid JSON",
        "[]|The body must be a JSON object",
        "\"4499\"|The body must be a JSON object",
        "{}|Missing job ID in callback",
        "{\"id\":4499}|Missing job ID in callback",
        "{\"id\":null}|Missing job ID in callback",
        "{\"data\":{\"id\":\"4499\"}}|Missing job ID in callback",
        "{\"id\":\"4499\",\"id\":\"4500\"}|The member `id` is given twice"
      })
  void whatIsNoResultIsInvalidAndChangesNothing(String body, String error) {
    assertThat(receive(body)).isEqualTo(new Receipt.Invalid(error));
    assertThat(stored()).isSameAs(job);
  }

  @Test
  void tokensOfThisDeploymentAloneAreKnown() {
    CallbackToken foreign = new CallbackToken(List.of("another".getBytes(UTF_8)));

    assertThat(intake.authenticate(tokens.of(id), "")).contains(id);
    assertThat(intake.authenticate(foreign.of(id), "")).isEmpty();
  }

  private Receipt receive(String body) {
    return intake.receive(id, body.getBytes(UTF_8), Optional.empty()).await();
  }

  private Job stored() {
    return store.find(id).await().orElseThrow();
  }
}
