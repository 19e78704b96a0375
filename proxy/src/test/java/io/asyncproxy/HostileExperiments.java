package io.asyncproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What hostile peers cost the others, on demand: {@code ./mvnw test -Dtest=HostileExperiments
 * -Dexperiments -Dsurefire.failIfNoSpecifiedTests=false}. Prints what it measured and asserts
 * nothing: these are measurements, not tests.
 */
@Timeout(600)
@EnabledIfSystemProperty(named = "experiments", matches = ".*")
class HostileExperiments {
  private static final int SLOW = 2_000;
  private static final int CLIENTS = 20;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private final AtomicInteger cutOff = new AtomicInteger();

  @Test
  void twoThousandConnectionsThatTrickleTheirHeads() throws Exception {
    try (TolerantJobServer jobServer = new TolerantJobServer();
        RunningProxy proxy = new RunningProxy(Map.of("job-server.url", jobServer.url()))) {
      ordinary(proxy, 15, "warm-up");
      ordinary(proxy, 20, "before");
      List<SocketChannel> slow = new ArrayList<>();
      for (int i = 0; i < SLOW; i++) {
        slow.add(connect(proxy.port()));
      }
      CountDownLatch over = new CountDownLatch(1);
      Thread trickle = Thread.ofPlatform().start(() -> trickle(slow, proxy.port(), over));
      ordinary(proxy, 20, "during, first 20 s");
      ordinary(proxy, 20, "during, while they are cut off and come again");
      System.out.printf(
          "slow loris: %d connections open at the proxy, %d were cut off%n",
          proxy.proxy().connections(), cutOff.get());
      over.countDown();
      trickle.join();
      for (SocketChannel channel : slow) {
        channel.close();
      }
      ordinary(proxy, 20, "after");
    }
  }

  private static SocketChannel connect(int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.write(bytes("POST /proxy HTTP/1.1\r\nHost: h\r\nX-Slow: "));
    return channel;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A byte on each about every second; who is cut off comes again. */
  private void trickle(List<SocketChannel> slow, int port, CountDownLatch over) {
    try {
      while (!over.await(1, TimeUnit.SECONDS)) {
        for (int i = 0; i < slow.size(); i++) {
          if (isClosed(slow.get(i))) {
            cutOff.incrementAndGet();
            slow.get(i).close();
            slow.set(i, connect(port));
          }
        }
      }
    } catch (IOException | InterruptedException failure) {
      System.out.println("slow loris: " + failure);
    }
  }

  private static boolean isClosed(SocketChannel channel) {
    try {
      channel.write(bytes("x"));
      return channel.read(ByteBuffer.allocate(512)) < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Clients that each send a job 25 times a second, and what they waited. */
  private static void ordinary(RunningProxy proxy, int seconds, String when) throws Exception {
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    AtomicInteger failed = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String body = "{\"account\":\"ordinary" + i + "\"}";
      clients.add(Thread.ofVirtual().start(() -> send(proxy, body, seconds, nanos, failed)));
    }
    for (Thread client : clients) {
      client.join();
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "slow loris, %s: %d requests, %d failed, p50 %.2f ms, p99 %.2f ms, longest %.1f ms%n",
        when,
        sorted.length,
        failed.get(),
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        Arrays.stream(sorted).max().orElse(0) / 1e6);
  }

  private static void send(
      RunningProxy proxy,
      String body,
      int seconds,
      ConcurrentLinkedQueue<Long> nanos,
      AtomicInteger failed) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      long sent = System.nanoTime();
      boolean fine =
          proxy
              .proxy(body)
              .handle((answer, _) -> answer != null && answer.statusCode() == 200)
              .join();
      nanos.add(System.nanoTime() - sent);
      failed.addAndGet(fine ? 0 : 1);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
