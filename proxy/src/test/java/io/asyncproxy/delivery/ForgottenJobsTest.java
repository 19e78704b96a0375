package io.asyncproxy.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Jobs;
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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deliveries whose jobs are gone, as while no proxy ran. */
class ForgottenJobsTest {
  private static final Instant NOW = Jobs.CREATED.plus(Duration.ofDays(2));
  private static final DeliveryState TO = DeliveryState.to("http://a.example/");

  private Instant now = NOW;
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
    store.notes().put(new Note(Kind.DELIVERY, job, "", Jobs.CREATED, state.content())).await();
    deliveries.lookAtDue().await();
    return job;
  }

  /** A job that has its result, and is kept for so long from now on. */
  private Job finished(Duration kept, String result) {
    Job job = Jobs.starting();
    store.accept(job).await();
    Change finish = new Change.Finish(Jobs.result(result), Jobs.CREATED, NOW.plus(kept));
    store.apply(job.id(), finish).await();
    return store.find(job.id()).await().orElseThrow();
  }

  private DeliveryState keep(Job job, DeliveryState state) {
    Note note = new Note(Kind.DELIVERY, job.id(), "", Jobs.CREATED, state.content());
    store.notes().put(note).await();
    deliveries.keepWhatIsForgotten().await();
    return DeliveryState.of(store.notes().find(Kind.DELIVERY, job.id()).await().orElseThrow());
  }

  @Test
  void whatNobodyBeganToDeliverOutlivesItsJob() {
    String result = "x".repeat(200_000);
    Job job = finished(Duration.ofHours(-1), result);
    DeliveryState state = keep(job, TO);
    assertThat(state.message().orElseThrow().id()).isEqualTo("msg_" + job.id());
    assertThat(store.purge(NOW, 100).await()).isEqualTo(1);
    now = now.plusMillis(1);
    deliveries.lookAtDue().await();
    Note dead = store.notes().find(Kind.UNDELIVERED, job.id()).await().orElseThrow();
    assertThat(DeliveryState.of(dead).message().orElseThrow().body()).asString().isEqualTo(result);
    assertThat(deliveries.again(job.id()).await()).isTrue();
  }

  @Test
  void whatIsKeptForLongEnoughIsNotKeptTwice() {
    assertThat(keep(finished(Duration.ofMinutes(5), "r"), TO).message()).isEmpty();
    assertThat(keep(Jobs.starting(), TO).message()).isEmpty();
  }

  @Test
  void whatTheClientWasToldOfIsNotKept() {
    Job job = Jobs.starting();
    store.accept(job).await();
    Failure failure = Jobs.failure(Failure.Reason.UNCLEAR);
    store.apply(job.id(), new Change.Expire(1, failure, Jobs.CREATED, NOW)).await();
    assertThat(keep(job, TO.toldOf("expired")).message()).isEmpty();
    assertThat(keep(job, TO).message()).isPresent();
  }

  @Test
  void deliveryThatCantBeReadKeepsNoOtherFromBeingKept() {
    Note unreadable = new Note(Kind.DELIVERY, Jobs.id(), "", Jobs.CREATED, new byte[] {1});
    store.notes().put(unreadable).await();
    assertThat(keep(finished(Duration.ZERO, "r"), TO).message()).isPresent();
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
