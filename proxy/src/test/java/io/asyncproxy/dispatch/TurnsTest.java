package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.JobId;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // nobody asks by these lanes
class TurnsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Lane lane = new Lane(EventLoop.of(vertx.getOrCreateContext()), null);
  private final Turns turns = new Turns(2);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static JobId job(int number) {
    return new JobId(1, number);
  }

  @Test
  void soManyAtOnceAndTheOthersInTurnEachOnce() {
    assertThat(turns.begin(job(1), lane)).isTrue();
    assertThat(turns.begin(job(2), lane)).isTrue();
    assertThat(turns.begin(job(3), lane)).isFalse();
    assertThat(turns.begin(job(4), lane)).isFalse();
    assertThat(turns.begin(job(3), lane)).isFalse();
    assertThat(turns.next()).map(Map.Entry::getKey).contains(job(3));
    assertThat(turns.next()).map(Map.Entry::getKey).contains(job(4));
    assertThat(turns.next()).isEmpty();
    assertThat(turns.begin(job(5), lane)).as("one of two places is free").isTrue();
    assertThat(turns.begin(job(6), lane)).isFalse();
  }
}
