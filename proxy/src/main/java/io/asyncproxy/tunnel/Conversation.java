package io.asyncproxy.tunnel;

import io.asyncproxy.tunnel.Announcement.Kind;
import io.asyncproxy.tunnel.SshProcess.Said;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one ssh process has said so far, and what follows from it. Time is given: nanoseconds of a
 * monotonic clock. Used by one thread.
 *
 * <p>Addresses that are announced together are alternatives, of which the best counts: Pinggy names
 * an http and an https one, and OpenSSH a port, before the service names its URL. One that comes
 * later replaces them: localhost.run changes its free addresses every few hours.
 */
final class Conversation {
  private static final int LONGEST_REASON = 200;
  private static final Duration A_LOOK = Duration.ofMillis(50);
  private static final Duration NO_HURRY = Duration.ofHours(1);
  private static final Pattern TOKEN = Pattern.compile("/callback/\\S*");
  private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cntrl}");

  private final Destination server;
  private final Timing timing;
  private final long beganNanos;
  private long announcedNanos;
  private @Nullable Announcement best;
  private String complaint = "";

  Conversation(Destination server, Timing timing, long nowNanos) {
    this.server = server;
    this.timing = timing;
    this.beganNanos = nowNanos;
  }

  void heard(Said.Line line, long nowNanos) {
    if (line.isError() && !line.text().startsWith("Warning: Permanently added")) {
      complaint = line.text();
    }
    Announcement.in(line.text(), server).ifPresent(found -> announced(found, nowNanos));
  }

  private void announced(Announcement found, long nowNanos) {
    boolean first = best == null;
    boolean better = best != null && found.kind().compareTo(best.kind()) > 0;
    boolean later = best != null && !isSettling(nowNanos) && found.kind() == best.kind();
    if (first || later) {
      announcedNanos = nowNanos;
    }
    if (first || better || later) {
      best = found;
    }
  }

  private boolean isSettling(long nowNanos) {
    return nowNanos - announcedNanos < timing.settling().toNanos();
  }

  /** Where the tunnel is reached, as soon as that is clear. */
  Optional<URI> url(long nowNanos) {
    return best != null && (best.kind() == Kind.HTTPS || !isSettling(nowNanos))
        ? Optional.of(best.url())
        : Optional.empty();
  }

  /** How long the next line may be waited for before this is asked again. */
  Duration patience(long nowNanos) {
    return url(nowNanos).isPresent() ? NO_HURRY : A_LOOK;
  }

  /** Why it is no use to wait on; empty while it is. */
  Optional<String> givenUp(long nowNanos) {
    return best == null && nowNanos - beganNanos >= timing.urlWithin().toNanos()
        ? Optional.of(
            "%s named no URL within %d ms%s"
                .formatted(server.host(), timing.urlWithin().toMillis(), said()))
        : Optional.empty();
  }

  /** Why there is no tunnel now that ssh has ended. */
  String ended(int exitCode) {
    return "ssh to %s ended with %d%s".formatted(server.host(), exitCode, said());
  }

  /** The last complaint, as it may be shown: services print requests, whose paths hold tokens. */
  private String said() {
    String shown = UNPRINTABLE.matcher(complaint).replaceAll(" ");
    shown = TOKEN.matcher(shown).replaceAll("/callback/***").strip();
    return shown.isEmpty()
        ? ""
        : ": " + shown.substring(0, Math.min(shown.length(), LONGEST_REASON));
  }
}
