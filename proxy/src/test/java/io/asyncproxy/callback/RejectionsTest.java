package io.asyncproxy.callback;

import static io.asyncproxy.job.Jobs.CREATED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
  void tenOfASecondAreKeptOfAllThreadsTogether() {
    int seconds = 2_000;
    AtomicInteger kept = new AtomicInteger();
    AtomicInteger arrived = new AtomicInteger();
    Rejections counted =
        new Rejections(
            counting(kept), () -> CREATED.plusSeconds(arrived.get() / 2), KEPT, new SecureRandom());
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int thread = 0; thread < 2; thread++) {
        threads.submit(
            () -> {
              for (int second = 1; second <= seconds; second++) {
                arrived.incrementAndGet();
                while (arrived.get() < 2 * second) {
                  Thread.onSpinWait(); // so that both begin the second at once
                }
                for (int i = 0; i < 6; i++) {
                  counted.add("why", BODY);
                }
              }
            });
      }
    }
    assertThat(kept.get()).isEqualTo(10 * seconds);
  }

  private static Notes counting(AtomicInteger kept) {
    return (Notes)
        Proxy.newProxyInstance(
            Notes.class.getClassLoader(),
            new Class<?>[] {Notes.class},
            (_, _, _) -> {
              kept.incrementAndGet();
              return Future.succeededFuture(true);
            });
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
    Note listed = store.notes().list(Kind.REJECTED, Optional.empty(), 1).await().getFirst();
    Note note = store.notes().find(Kind.REJECTED, listed.id()).await().orElseThrow();
    StrayCallback stray = StrayCallback.of(note);
    assertThat(stray.detail()).isEqualTo("Unknown callback token");
    assertThat(stray.messageId()).isEmpty();
    assertThat(stray.body()).isEqualTo(Arrays.copyOf(body, 4_096));
    assertThat(note.due()).isEqualTo(now.plus(KEPT));
  }
}
