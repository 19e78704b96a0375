package io.asyncproxy.benchmarks.simulator;

import io.asyncproxy.benchmarks.simulator.SimulatorStats.Counted;
import io.asyncproxy.benchmarks.wire.HttpFrames;
import io.asyncproxy.benchmarks.wire.HttpMessage;
import io.asyncproxy.benchmarks.wire.HttpText;
import io.asyncproxy.benchmarks.wire.JobFields;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Instant;

/** Answers requests. All of it belongs to the simulator's event loop. */
final class Starts {
  private final SimulatorStats stats;
  private final Callbacks callbacks;
  private final Faults faults;
  private final StartLimit limit;

  Starts(SimulatorOptions options, SimulatorStats stats, Callbacks callbacks) {
    this.stats = stats;
    this.callbacks = callbacks;
    this.faults = new Faults(options.faults());
    this.limit = new StartLimit(options.startsPerSecond(), System.nanoTime());
  }

  void serve(Channel channel) {
    channel.pipeline().addLast(new HttpFrames(), new Handler());
  }

  private void start(Channel channel, HttpMessage request) {
    Faults.Drawn drawn = faults.next();
    if (!limit.take(System.nanoTime())) {
      refuse(channel, Counted.LIMITED, "429 Too Many Requests");
      return;
    }
    switch (drawn.start()) {
      case TOO_MANY -> refuse(channel, Counted.BUSY, "429 Too Many Requests");
      case UNAVAILABLE -> refuse(channel, Counted.BUSY, "503 Service Unavailable");
      case RESET -> reset(channel);
      case NONE -> accept(channel, JobFields.of(request.body()), drawn.callback());
    }
  }

  private void accept(Channel channel, JobFields start, Faults.OfCallback fault) {
    String id = Hex.digits(16);
    stats.count(Counted.STARTED);
    answer(channel, "200 OK", "{\"state\":\"running\",\"id\":\"" + id + "\"}");
    callbacks.schedule(
        new SimulatedJob(id, start.account(), start.callback(), Instant.now()), fault);
  }

  private void refuse(Channel channel, Counted counted, String status) {
    stats.count(counted);
    answer(channel, status, "{}");
  }

  private void reset(Channel channel) {
    stats.count(Counted.RESET);
    channel.config().setOption(ChannelOption.SO_LINGER, 0); // RST instead of FIN
    channel.close();
  }

  private static void answer(Channel channel, String status, String body) {
    channel.writeAndFlush(HttpText.response(channel, status, body), channel.voidPromise());
  }

  private final class Handler extends SimpleChannelInboundHandler<HttpMessage> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpMessage request) {
      Channel channel = ctx.channel();
      if (request.asks("POST", "/start")) {
        start(channel, request);
      } else if (request.asks("GET", "/stats")) {
        answer(channel, "200 OK", stats.json());
      } else if (request.asks("POST", "/release")) {
        callbacks.release();
        answer(channel, "200 OK", "{}");
      } else {
        answer(channel, "404 Not Found", "{}");
      }
      if (request.close()) {
        channel.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
