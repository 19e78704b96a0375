package io.asyncproxy.callback;

import static io.asyncproxy.job.Jobs.CREATED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.memory.MemoryJobStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Rejected callbacks are kept: a few, in part, for a while, whoever sends how many. */
class RejectionsTest {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final byte[] BODY = "{\"id\":\"j1\"}".getBytes(UTF_8);

  private final MemoryJobStore store = new MemoryJobStore(1_000_000);
  private volatile Instant now = CREATED;
  private final Rejections rejections =
      new Rejections(store.notes(), () -> now, KEPT, new SecureRandom());

  private long count() {
    return store.notes().count(Kind.REJECTED).await();
  }

  @Test
  void tenOfASecondAreKept() {
    for (int i = 0; i < 100; i++) {
      rejections.add("why", BODY);
    }
    assertThat(count()).isEqualTo(10);
    now = now.plusSeconds(1);
    rejections.add("why", BODY);
    assertThat(count()).isEqualTo(11);
    now = CREATED; // the clock was set back
    rejections.add("why", BODY);
    assertThat(count()).isEqualTo(12);
  }

  @Test
  void tenOfASecondAreKeptOfAllThreadsTogether() throws Exception {
    for (int second = 1; second <= 50; second++) {
      now = CREATED.plusSeconds(second);
      CountDownLatch together = new CountDownLatch(8);
      try (var threads = Executors.newFixedThreadPool(8)) {
        for (int thread = 0; thread < 8; thread++) {
          threads.submit(
              () -> {
                together.countDown();
                together.await();
                for (int i = 0; i < 20; i++) {
                  rejections.add("why", BODY);
                }
                return true;
              });
        }
      }
      assertThat(count()).isEqualTo(10L * second);
    }
  }

  @Test
  void theyAreBoundedAndForgotten() {
    for (int i = 0; i < 2 * Kind.REJECTED.most(); i++) {
      now = CREATED.plusMillis(100L * i);
      rejections.add("why", BODY);
    }
    assertThat(count()).isEqualTo(Kind.REJECTED.most());
    store.notes().purge(now.plus(KEPT), 10_000).await();
    assertThat(count()).isZero();
  }

  @Test
  void reasonAndBeginningOfTheBodyAreKept() {
    byte[] body = "0123456789".repeat(1_000).getBytes(UTF_8);
    rejections.add("Unknown callback token", body);
    Note note = store.notes().list(Kind.REJECTED, Optional.empty(), 1).await().getFirst();
    StrayCallback stray = StrayCallback.of(note);
    assertThat(stray.detail()).isEqualTo("Unknown callback token");
    assertThat(stray.messageId()).isEmpty();
    assertThat(stray.body()).isEqualTo(Arrays.copyOf(body, 4_096));
    assertThat(note.due()).isEqualTo(now.plus(KEPT));
  }
}
