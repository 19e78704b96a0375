package io.asyncproxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.LogLines;
import io.asyncproxy.TestAuthority;
import io.asyncproxy.TestAuthority.Issued;
import io.asyncproxy.loop.Deadlines;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks that happen when the test says so. */
class RenewalTest {
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Runnable> looks = new LinkedBlockingQueue<>();
  private final AtomicInteger changes = new AtomicInteger();
  private volatile Future<Boolean> change = Future.succeededFuture(true);

  @TempDir private Path folder;
  private Context context;
  private TestAuthority authority;
  private Issued used;
  private Renewal renewal;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority(folder, "authority");
    used = authority.issue("proxy", "DNS:localhost");
    context = vertx.getOrCreateContext();
    AtomicLong always = new AtomicLong();
    Deadlines due =
        new Deadlines(
            () -> always.addAndGet(TimeUnit.HOURS.toNanos(1)), (_, action) -> looks.add(action));
    ListenerTls tls =
        new ListenerTls(
            Pem.read("tls.certificate", used.certificate()),
            Pem.read("tls.key", used.key()),
            Optional.empty());
    renewal =
        new Renewal(
            vertx,
            new EventLoop(context, due),
            tls,
            _ -> {
              changes.incrementAndGet();
              return change;
            });
    renewal.start();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Looks; the next look being planned, this one is over. */
  private void look() throws Exception {
    Runnable next = next();
    context.runOnContext(_ -> next.run());
    looks.add(next());
  }

  private Runnable next() throws Exception {
    Runnable next = looks.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no further look is planned");
    }
    return next;
  }

  @Test
  void nothingChangesWhileTheFilesStay() throws Exception {
    look();
    look();
    assertThat(changes).hasValue(0);
  }

  @Test
  void renewedFilesAreUsedOnce() throws Exception {
    authority.issue("next", "DNS:localhost").replace(used);
    look();
    look();
    assertThat(changes).hasValue(1);
  }

  @Test
  void whatIsWrongIsSaidOnceAndAgainWhenItCameBack() throws Exception {
    try (LogLines log = new LogLines(Renewal.class)) {
      String whole = Files.readString(used.key());
      Files.delete(used.key());
      look();
      look();
      look();
      assertThat(log.all()).hasSize(1);

      Files.writeString(used.key(), whole);
      look();
      Files.delete(used.key());
      look();
      assertThat(log.all()).hasSize(2).allMatch(line -> line.startsWith("WARN"));
      assertThat(changes).hasValue(0);
    }
  }

  @Test
  void listenerThatCouldNotBeChangedIsTriedAgain() throws Exception {
    authority.issue("next", "DNS:localhost").replace(used);
    change = Future.failedFuture("not now");
    look();
    change = Future.succeededFuture(true);
    look();
    look();
    assertThat(changes).hasValue(2);
  }

  @Test
  void closedRenewalLooksNoMore() throws Exception {
    authority.issue("next", "DNS:localhost").replace(used);
    renewal.close();
    Runnable last = next();
    context.runOnContext(_ -> last.run());
    Future.<Void>future(
            done ->
                context.runOnContext(
                    _ -> vertx.<Void>executeBlocking(() -> null).onComplete(done))) // after its own
        .await(10, TimeUnit.SECONDS);
    assertThat(looks).isEmpty();
    assertThat(changes).hasValue(0);
  }
}
