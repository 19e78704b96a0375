package io.asyncproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.Eventually;
import io.asyncproxy.tunnel.SshProcess.Said;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process says, as it is heard. */
@Timeout(60)
class SshProcessTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static SshProcess run(String script) throws Exception {
    return SshProcess.start(List.of("/bin/sh", "-c", script));
  }

  @Test
  void eachLineThenItsEnd() throws Exception {
    try (SshProcess process = run("printf 'a\\r\\n\\nb'; exit 3")) {
      assertThat(process.next(LONG)).contains(new Said.Line("a", false));
      assertThat(process.next(LONG)).contains(new Said.Line("b", false));
      assertThat(process.next(LONG)).contains(new Said.Ended(3));
      assertThat(process.next(Duration.ofMillis(1))).isEmpty();
    }
  }

  @Test
  void errorsAreToldApart() throws Exception {
    try (SshProcess process = run("echo no >&2")) {
      assertThat(process.next(LONG)).contains(new Said.Line("no", true));
    }
  }

  @Test
  void ofALongLineOnlyTheBeginningIsKept() throws Exception {
    try (SshProcess process = run("head -c 100000 /dev/zero | tr '\\0' x; echo; echo next")) {
      assertThat(process.next(LONG)).contains(new Said.Line("x".repeat(1_000), false));
      assertThat(process.next(LONG)).contains(new Said.Line("next", false));
    }
  }

  @Test
  void endIsHeardOfAlthoughAChildKeepsTheOutputOpen() throws Exception {
    try (SshProcess process = run("sleep 300 & echo $!; exit 0")) {
      Said child = process.next(LONG).orElseThrow();
      assertThat(process.next(LONG)).contains(new Said.Ended(0));
      ProcessHandle.of(Long.parseLong(((Said.Line) child).text())).orElseThrow().destroy();
    }
  }

  @Test
  void nobodyGoesOnReadingAfterItIsClosed() throws Exception {
    try (SshProcess process = run("exec yes")) {
      assertThat(process.next(LONG)).contains(new Said.Line("y", false));
    }
    Eventually.that(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("tunnel-")));
  }
}
