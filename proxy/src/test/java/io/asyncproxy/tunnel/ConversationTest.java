package io.asyncproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.tunnel.SshProcess.Said.Line;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What follows from what ssh says, and when; times are milliseconds since it was started. */
class ConversationTest {
  private static final long BEGAN = Long.MAX_VALUE - 1_000; // a monotonic clock may overflow

  private final Conversation talk =
      new Conversation(Destination.parse("me@vps"), Timing.USUAL, BEGAN);

  private static long at(long millis) {
    return BEGAN + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void says(long millis, String line) {
    talk.heard(new Line(line, false), at(millis));
  }

  private void complains(String line) {
    talk.heard(new Line(line, true), at(1));
  }

  private void assertUrl(long millis, String url) {
    assertThat(talk.url(at(millis))).contains(URI.create(url));
  }

  private void assertNoUrl(long millis) {
    assertThat(talk.url(at(millis))).isEmpty();
  }

  @Test
  void httpsIsTakenAtOnce() {
    assertNoUrl(0);
    says(100, "https://a.example");
    assertUrl(100, "https://a.example");
  }

  @Test
  void lesserAddressesWaitASecondForABetterOne() {
    says(100, "Allocated port 7 for remote forward to localhost:1");
    says(500, "http://a.example");
    assertNoUrl(1_099);
    assertUrl(1_100, "http://a.example");
  }

  @Test
  void bestOfThoseThatComeTogetherCounts() {
    says(100, "https://a.example");
    says(101, "http://a.example");
    says(102, "https://b.example");
    assertUrl(103, "https://a.example");
    assertUrl(5_000, "https://a.example");
  }

  @Test
  void laterOneReplacesItButNoWorseOne() {
    says(100, "https://a.example");
    says(60_000, "Allocated port 7 for remote forward to localhost:1");
    says(60_000, "http://a.example");
    assertUrl(70_000, "https://a.example");
    says(80_000, "https://b.example");
    assertUrl(80_000, "https://b.example");
  }

  @Test
  void itIsGivenUpWhenNoUrlWasNamedInTime() {
    complains("Welcome");
    assertThat(talk.givenUp(at(29_999))).isEmpty();
    assertThat(talk.givenUp(at(30_000))).contains("vps named no URL within 30000 ms: Welcome");
    says(30_001, "http://a.example");
    assertThat(talk.givenUp(at(90_000))).isEmpty();
  }

  @Test
  void nobodyLooksOftenOnceTheUrlIsKnown() {
    assertThat(talk.patience(at(0))).isEqualTo(Duration.ofMillis(50));
    says(1, "https://a.example");
    assertThat(talk.patience(at(1))).isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  void lastComplaintIsTheReason() {
    complains("Warning: Permanently added '[127.0.0.1]:22' (ED25519) to the list of known hosts.");
    assertThat(talk.ended(255)).isEqualTo("ssh to vps ended with 255");
    complains("Permission denied (publickey).");
    says(2, "POST /proxy 200");
    assertThat(talk.ended(255))
        .isEqualTo("ssh to vps ended with 255: Permission denied (publickey).");
  }

  @Test
  void reasonIsShortAndHoldsNoTokenAndNothingUnprintable() {
    complains("POST /proxy/callback/SECRET?x \u001b[31m200" + "x".repeat(1_000));
    assertThat(talk.ended(1))
        .startsWith("ssh to vps ended with 1: POST /proxy/callback/***  [31m200xxx")
        .hasSizeLessThan(250);
  }
}
