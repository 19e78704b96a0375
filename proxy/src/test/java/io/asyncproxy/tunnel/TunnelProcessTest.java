package io.asyncproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.Eventually;
import io.asyncproxy.LogLines;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs in the place of ssh that behave as badly as they can. */
@Timeout(60)
class TunnelProcessTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path folder;
  private final BlockingQueue<URI> urls = new LinkedBlockingQueue<>();

  /** A tunnel by a shell script, each run of which first adds its process to {@link #runs}. */
  private Tunnel tunnel(String script, Duration urlWithin, Duration pause) throws Exception {
    Path program = folder.resolve("program");
    Files.writeString(program, "#!/bin/sh\necho $$ >>" + folder + "/runs\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.createFile(folder.resolve("runs"));
    TunnelSettings settings = TunnelSettings.of("me@vps", 80, Optional.empty()).orElseThrow();
    Tunnel tunnel =
        new Tunnel(
            new SshCommand(program.toString(), settings),
            new Timing(urlWithin, Duration.ZERO, pause, pause),
            urls::add);
    tunnel.start("127.0.0.1", 1);
    return tunnel;
  }

  private List<Long> runs() throws Exception {
    return Files.readAllLines(folder.resolve("runs")).stream().map(Long::valueOf).toList();
  }

  /** Where a test fails they would run for ever. */
  @AfterEach
  void endWhatIsLeft() throws Exception {
    if (Files.exists(folder.resolve("runs"))) {
      runs().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void whoIgnoresBeingAskedIsEndedByForceAndSoIsWhatItStarted() throws Exception {
    String stubborn =
        "trap '' TERM; (echo $$; sh -c 'trap \"\" TERM; echo $$ >>"
            + folder
            + "/runs; while :; do sleep 1; done') & echo https://a.example; while :; do sleep 1; done";
    Tunnel tunnel = tunnel(stubborn, HOUR, HOUR);
    assertThat(urls.poll(20, TimeUnit.SECONDS)).isEqualTo(URI.create("https://a.example"));
    Eventually.that(() -> assertThat(runs()).hasSize(2));
    assertThat(runs()).allMatch(TunnelProcessTest::isAlive);
    tunnel.close();
    Eventually.that(() -> assertThat(runs()).noneMatch(TunnelProcessTest::isAlive));
    tunnel.close();
  }

  @Test
  void whoNamesNoUrlIsEndedAndStartedAgain() throws Exception {
    try (Tunnel tunnel = tunnel("exec cat", Duration.ofMillis(100), Duration.ofMillis(1))) {
      Eventually.that(() -> assertThat(runs()).hasSizeGreaterThan(2));
      assertThat(tunnel.trouble().orElseThrow()).isEqualTo("vps named no URL within 100 ms");
      assertThat(runs().getFirst()).satisfies(pid -> assertThat(isAlive(pid)).isFalse());
    }
    assertThat(urls).isEmpty();
  }

  @Test
  void whoFailsAtOnceIsNotStartedAgainBeforeThePauseIsOver() throws Exception {
    try (Tunnel tunnel = tunnel("echo 'no way' >&2; exit 3", HOUR, Duration.ofDays(365))) {
      Eventually.that(
          () -> assertThat(tunnel.trouble()).contains("ssh to vps ended with 3: no way"));
      assertThat(new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(runs()).hasSize(1);
    }
  }

  @Test
  void sameReasonIsLoggedOnce() throws Exception {
    try (LogLines log = new LogLines(Tunnel.class);
        Tunnel _ = tunnel("echo 'no way' >&2; exit 3", HOUR, Duration.ofMillis(1))) {
      Eventually.that(() -> assertThat(runs()).hasSizeGreaterThan(3));
      assertThat(log.all())
          .singleElement()
          .asString()
          .startsWith("WARN There is no tunnel: ssh to");
    }
  }

  @Test
  void flowOfWordsWithoutAnEndFillsNoMemory() throws Exception {
    String flood = "echo https://a.example; exec tr '\\0' x </dev/zero";
    try (Tunnel tunnel = tunnel(flood, HOUR, HOUR)) {
      assertThat(urls.poll(20, TimeUnit.SECONDS)).isNotNull();
      Eventually.that(() -> assertThat(tunnel.trouble()).isEmpty());
    }
    assertThat(runs()).noneMatch(TunnelProcessTest::isAlive);
  }

  @Test
  void inputStaysOpenAndEndsWithUs() throws Exception {
    try (Tunnel tunnel = tunnel("echo https://a.example; exec cat", HOUR, HOUR)) {
      assertThat(urls.poll(20, TimeUnit.SECONDS)).isNotNull();
      Eventually.that(() -> assertThat(tunnel.trouble()).isEmpty());
      assertThat(runs()).allMatch(TunnelProcessTest::isAlive);
    }
  }

  @Test
  void closedBeforeItIsStartedItStartsNothing() throws Exception {
    TunnelSettings settings = TunnelSettings.of("me@vps", 80, Optional.empty()).orElseThrow();
    Tunnel tunnel = new Tunnel(new SshCommand("no-such-ssh", settings), Timing.USUAL, urls::add);
    tunnel.close();
    tunnel.start("127.0.0.1", 1);
    assertThat(tunnel.trouble()).contains("connecting to vps");
  }
}
