package io.asyncproxy.delivery;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deliveries whose jobs are gone, as while no proxy ran. */
class ForgottenJobsTest {
  private final Vertx vertx = Vertx.vertx();
  private final JobStore store = new MemoryJobStore(1_000_000);
  private final Deliveries deliveries =
      new Deliveries(
          vertx,
          new Deliveries.Surroundings(
              store,
              InstantSource.fixed(Jobs.CREATED.plus(Duration.ofDays(2))),
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

  private boolean is(Kind kind, JobId job) {
    return store.notes().find(kind, job).await().isPresent();
  }

  @Test
  void whatWasTriedAndNeverDeliveredIsADeadLetterNotForgotten() {
    JobId job = owed(DeliveryState.to("http://a.example/").begun());
    assertThat(is(Kind.DELIVERY, job)).isFalse();
    assertThat(is(Kind.UNDELIVERED, job)).isTrue();
    assertThat(deliveries.again(job).otherwise(false))
        .extracting(Future::result)
        .as("there is nothing left to send")
        .isEqualTo(false);
  }

  @Test
  void whatBelongsToNoJobThatEverWasIsForgotten() {
    JobId job = owed(DeliveryState.to("http://a.example/"));
    assertThat(is(Kind.DELIVERY, job)).isFalse();
    assertThat(is(Kind.UNDELIVERED, job)).isFalse();
  }
}
