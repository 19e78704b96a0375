package io.asyncproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a head is late, on a channel whose time is ours. */
class HeadDeadlineTest {
  private static final Duration ARRIVAL = Duration.ofSeconds(10);
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";

  private final HeadDeadline deadline = new HeadDeadline(ARRIVAL);
  private final EmbeddedChannel channel = new EmbeddedChannel();

  /** Pauses the channel at the end of the read in which it is set. */
  private boolean pausing;

  HeadDeadlineTest() {
    channel.freezeTime();
    channel
        .pipeline()
        .addLast(
            deadline,
            new RequestDecoder(deadline),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelReadComplete(ChannelHandlerContext context) {
                if (pausing) {
                  pausing = false;
                  pause();
                }
              }
            });
  }

  @AfterEach
  void stop() {
    channel.finishAndReleaseAll();
  }

  private void send(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private void pause() {
    channel.config().setAutoRead(false);
  }

  private void goOn() {
    channel.config().setAutoRead(true);
  }

  private void assertLateIn(long seconds) {
    pass(seconds - 1);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void headThatTakesTooLongIsLate() {
    send(HEAD.substring(0, 10));
    assertLateIn(10);
  }

  @Test
  void headThatComesByteByByteIsLateAllTheSame() {
    for (int i = 0; i < 5; i++) {
      send(HEAD.substring(i, i + 1));
      pass(1);
    }
    assertLateIn(5);
  }

  @Test
  void headThatIsThereInTimeIsNotLateAndTheNextHasItsOwnTime() {
    send(HEAD.substring(0, 10));
    pass(9);
    send(HEAD.substring(10) + HEAD.substring(0, 10));
    pass(9);
    assertThat(channel.isOpen()).isTrue();
    send(HEAD.substring(10));
    pass(1_000);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void timeInWhichNothingIsReadDoesNotCount() {
    send(HEAD.substring(0, 10));
    pass(5);
    pause();
    pass(1_000);
    goOn();
    assertLateIn(10);
  }

  @Test
  void pauseThatIsOverBeforeAnybodyLooksDoesNotCount() {
    send(HEAD.substring(0, 10));
    pass(5);
    pause();
    pass(3);
    goOn();
    assertLateIn(10);
  }

  @Test
  void pauseFromTheReadOnThatBroughtTheHeadDoesNotCount() {
    pausing = true;
    send(HEAD.substring(0, 10));
    pass(9);
    goOn();
    assertLateIn(10);
  }

  @Test
  void pauseThatGoesOnAtOnceDoesNotCount() {
    send(HEAD.substring(0, 10));
    pause();
    pass(3);
    goOn();
    pause();
    pass(3);
    goOn();
    assertLateIn(10);
  }

  @Test
  void deadlineLeavesWithItsDecoder() {
    send(HEAD.substring(0, 10));
    channel.pipeline().remove(RequestDecoder.class);
    assertThat(channel.pipeline().get(HeadDeadline.class)).isNull();
    pass(1_000);
    assertThat(channel.isOpen()).isTrue();
  }
}
