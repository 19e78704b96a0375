package io.asyncproxy.benchmarks.load;

import io.asyncproxy.benchmarks.wire.Exchange;
import io.asyncproxy.benchmarks.wire.Http1Connections;
import io.asyncproxy.benchmarks.wire.Http2Connections;
import io.asyncproxy.benchmarks.wire.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A load under way, on one event loop of its own, which all fields belong to but for the volatile
 * ones. Each job has its own account; latency counts from when the request was intended to be sent.
 */
public final class Load implements AutoCloseable {
  private static final int STREAMS = 1_000;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final LoadPlan plan;
  private final String run = Integer.toHexString(ThreadLocalRandom.current().nextInt());
  private final Transport transport;
  private Tally tally = new Tally();
  private long sent;
  private long openedAt;
  private volatile long most;
  private volatile int inFlight;
  private volatile long answered;
  private volatile boolean stopped;

  private Load(LoadPlan plan) {
    this.plan = plan;
    this.most = plan.most();
    this.transport =
        plan.connections() == 0
            ? new Http2Connections(loop, plan.target(), STREAMS)
            : new Http1Connections(loop, plan.target(), plan.connections(), plan.timeout());
  }

  /** Begins to send. */
  public static Load start(LoadPlan plan) {
    Load load = new Load(plan);
    load.loop.execute(load::begin);
    return load;
  }

  private void begin() {
    switch (plan.arrival()) {
      case Arrival.Closed(int count) -> {
        for (int i = 0; i < count && sent < most; i++) {
          sendNext(System.nanoTime());
        }
      }
      case Arrival.Open(double perSecond) -> {
        openedAt = System.nanoTime();
        loop.scheduleAtFixedRate(() -> sendDue(perSecond), 0, 1, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void sendDue(double perSecond) {
    long now = System.nanoTime();
    long intended = openedAt + (long) (sent * 1e9 / perSecond);
    while (intended <= now && !stopped && sent < most) {
      sendNext(intended);
      intended = openedAt + (long) (sent * 1e9 / perSecond);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes it
  private void sendNext(long intended) {
    inFlight++;
    transport.send(new JobRequest(run + '-' + sent++, intended));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes it
  private void finish(Verdict verdict, long intended) {
    inFlight--;
    answered++;
    tally.count(verdict, (System.nanoTime() - intended) / 1_000);
    if (plan.arrival() instanceof Arrival.Closed && !stopped && sent < most) {
      sendNext(System.nanoTime());
    }
  }

  /** What was counted since the last time, and begins anew. */
  public Tally take() {
    return loop.submit(
            () -> {
              Tally taken = tally;
              tally = new Tally();
              return taken;
            })
        .syncUninterruptibly()
        .getNow();
  }

  /** Raises how many are sent in all, at the same rate from now on. */
  public void raiseTo(long count) {
    loop.submit(
            () -> {
              if (plan.arrival() instanceof Arrival.Open(double perSecond)) {
                openedAt = System.nanoTime() - (long) (sent * 1e9 / perSecond);
              }
              most = count;
            })
        .syncUninterruptibly();
  }

  /** Requests without an answer yet. */
  public int inFlight() {
    return inFlight;
  }

  /** Nothing more is sent. */
  public void stop() {
    stopped = true;
  }

  /** Waits until all that was sent is answered; false when that takes longer. */
  public boolean awaitAnswers(Duration longest) throws InterruptedException {
    return await(() -> inFlight == 0, longest);
  }

  /** Waits until so many are answered in all; false when that takes longer. */
  public boolean awaitAnswered(long count, Duration longest) throws InterruptedException {
    return await(() -> answered >= count, longest);
  }

  private static boolean await(BooleanSupplier done, Duration longest) throws InterruptedException {
    long until = System.nanoTime() + longest.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - until > 0) {
        return false;
      }
      Thread.sleep(5);
    }
    return true;
  }

  /** Ends its connections as well. */
  @Override
  public void close() {
    stopped = true;
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  private final class JobRequest implements Exchange {
    private final String account;
    private final long intended;

    JobRequest(String account, long intended) {
      this.account = account;
      this.intended = intended;
    }

    @Override
    public String path() {
      return "/proxy";
    }

    @Override
    public String body() {
      return "{\"account\":\"" + account + "\"}";
    }

    @Override
    public void answered(int status, byte[] body) {
      finish(Verdict.of(status, body, account), intended);
    }

    @Override
    public void failed(String reason) {
      finish(new Verdict.Wrong(reason), intended);
    }
  }
}
