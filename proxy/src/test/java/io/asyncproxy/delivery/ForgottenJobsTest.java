package io.asyncproxy.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.job.Result;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.asyncproxy.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deliveries whose jobs are gone, or would be, as where no proxy ran for long. */
class ForgottenJobsTest {
  private static final DeliveryState TO = DeliveryState.to("http://a.example/");

  private Instant now = Jobs.CREATED.plus(Duration.ofDays(2));
  private final Vertx vertx = Vertx.vertx();
  private final JobStore store = new MemoryJobStore(1_000_000);
  private final Deliveries deliveries =
      new Deliveries(
          vertx,
          new Deliveries.Surroundings(
              store,
              () -> now,
              Jobs.LIFETIMES,
              new Random(1),
              new Target(_ -> Future.failedFuture("no host"), true),
              List.of(),
              (_, _) -> {},
              Tracing.NONE));

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private JobId owed(DeliveryState state) {
    JobId job = Jobs.id();
    owe(job, state);
    return job;
  }

  private Job ended(Change change) {
    Job job = Jobs.starting();
    store.accept(job).await();
    store.apply(job.id(), change).await();
    return job;
  }

  private static Change giveUp() {
    Failure failure = Jobs.failure(Failure.Reason.UNCLEAR);
    return new Change.GiveUp(Jobs.attempt(1), failure, Jobs.CREATED, Jobs.CREATED);
  }

  private void owe(JobId job, DeliveryState state) {
    store.notes().put(new Note(Kind.DELIVERY, job, "", now, state.content())).await();
    deliveries.lookAtDue().await();
  }

  /** Whether an attempt was made, which fails for lack of its host. */
  private boolean wasTried(JobId job) {
    Optional<Note> note = store.notes().find(Kind.DELIVERY, job).await();
    return note.map(DeliveryState::of).filter(state -> state.attempts() > 0).isPresent();
  }

  @Test
  void clientThatWasToldWaitsForALateResultAsLongAsTheJobIsKept() {
    JobId job = ended(giveUp()).id();
    now = Jobs.CREATED.plus(Jobs.LIFETIMES.deadLetterRetention()).minusSeconds(1);
    owe(job, TO.toldOf("failed"));
    Note waiting = store.notes().find(Kind.DELIVERY, job).await().orElseThrow();
    assertThat(waiting.due()).isEqualTo(now.plusSeconds(1));
    now = now.plusSeconds(1);
    deliveries.lookAtDue().await();
    assertThat(is(Kind.DELIVERY, job)).isFalse();
    assertThat(is(Kind.UNDELIVERED, job)).isFalse();
  }

  /** Both are called failed, and are not the same. */
  @Test
  void lateResultThatSaysFailedIsDeliveredToWhoWasToldThatTheJobWasGivenUp() {
    JobId job = ended(giveUp()).id();
    Result failed = new Result("{\"state\":\"failed\"}".getBytes(UTF_8), true);
    store.apply(job, new Change.Finish(failed, now, now.plusSeconds(60))).await();
    owe(job, TO.toldOf("failed"));
    assertThat(wasTried(job)).isTrue();
  }

  /** The plan of a day is over, but nobody was there to follow it. */
  @Test
  void whatNobodyTriedIsTriedForAnHour() {
    Result result = Jobs.result("r");
    JobId job = ended(new Change.Finish(result, Jobs.CREATED, Jobs.CREATED)).id();
    owe(job, TO);
    assertThat(wasTried(job)).isTrue();
    assertThat(is(Kind.UNDELIVERED, job)).isFalse();
    now = now.plus(Duration.ofMinutes(61));
    deliveries.lookAtDue().await();
    assertThat(is(Kind.UNDELIVERED, job)).isTrue();
  }

  private boolean is(Kind kind, JobId job) {
    return store.notes().find(kind, job).await().isPresent();
  }

  @Test
  void whatWasTriedAndNeverDeliveredIsADeadLetterNotForgotten() {
    JobId job = owed(TO.begun());
    assertThat(is(Kind.DELIVERY, job)).isFalse();
    assertThat(is(Kind.UNDELIVERED, job)).isTrue();
    assertThat(deliveries.again(job).otherwise(false))
        .extracting(Future::result)
        .as("there is nothing left to send")
        .isEqualTo(false);
  }

  @Test
  void whatBelongsToNoJobThatEverWasIsForgotten() {
    JobId job = owed(TO);
    assertThat(is(Kind.DELIVERY, job)).isFalse();
    assertThat(is(Kind.UNDELIVERED, job)).isFalse();
  }
}
