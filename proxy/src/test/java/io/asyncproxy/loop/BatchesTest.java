package io.asyncproxy.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final int MANY = 100_000;

  @Test
  void manyBatchesThatAreDoneAtOnceComeToAnEnd() {
    AtomicInteger batches = new AtomicInteger();
    Batches.whileMore(() -> Future.succeededFuture(batches.incrementAndGet() < MANY)).await();
    assertThat(batches).hasValue(MANY);
  }

  @Test
  void manyBatchesThatTakeTheirTimeComeToAnEndOneAfterTheOther() {
    List<Promise<Boolean>> begun = new ArrayList<>();
    Future<Void> all =
        Batches.whileMore(
            () -> {
              Promise<Boolean> batch = Promise.promise();
              begun.add(batch);
              return batch.future();
            });
    for (int i = 1; i <= MANY; i++) {
      assertThat(begun).as("begun before the one before was done").hasSize(i);
      assertThat(all.isComplete()).isFalse();
      begun.getLast().complete(i < MANY);
    }
    assertThat(all.succeeded()).isTrue();
    assertThat(begun).hasSize(MANY);
  }

  @Test
  void endsWithTheFirstFailure() {
    AtomicInteger batches = new AtomicInteger();
    Future<Void> all =
        Batches.whileMore(
            () ->
                batches.incrementAndGet() < 3
                    ? Future.succeededFuture(true)
                    : Future.failedFuture("no store"));
    assertThat(all.cause()).hasMessage("no store");
    assertThat(batches).hasValue(3);
  }

  @Test
  void laterBatchThatThrowsAnErrorIsOneThatFails() {
    Promise<Boolean> first = Promise.promise();
    AtomicInteger batches = new AtomicInteger();
    Future<Void> all =
        Batches.whileMore(
            () -> {
              if (batches.getAndIncrement() == 0) {
                return first.future();
              }
              throw new StackOverflowError("too deep");
            });
    first.complete(true);
    assertThat(all.cause()).hasMessage("too deep");
  }

  @Test
  void batchThatThrowsIsOneThatFails() {
    Future<Void> all =
        Batches.whileMore(
            () -> {
              throw new IllegalStateException("no store");
            });
    assertThatThrownBy(all::await).hasMessage("no store");
  }
}
