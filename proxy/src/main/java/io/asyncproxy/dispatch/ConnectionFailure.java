package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.StartOutcome.Invalid;
import io.asyncproxy.dispatch.StartOutcome.Unclear;
import io.asyncproxy.dispatch.StartOutcome.Unreachable;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** What a failed connection to the job server means for the start that was to go on it: pure. */
final class ConnectionFailure {
  /** Some failures quote what came in. */
  private static final int LONGEST_REASON = 300;

  /** Netty names the call of the system that failed, and its number: {@code finishConnect(..)}. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private ConnectionFailure() {}

  /** Nothing was sent. */
  static StartOutcome beforeSending(Throwable failure) {
    return new Unreachable("No connection to the job server: " + reason(failure));
  }

  /**
   * A connection that ended leaves it open whether the job started. Unless it ended because the job
   * server did not like our certificate, or the lack of one: TLS 1.3 tells the client only after it
   * may send (RFC 8446, section 4.4.2.4), but the server reads no request before. Any other failure
   * is nonsense.
   */
  static StartOutcome afterSending(Throwable failure) {
    if (isRefusedHandshake(failure)) {
      return beforeSending(failure);
    }
    return switch (failure) {
      case HttpClosedException _, StreamResetException _, IOException _ -> broke(failure);
      case PrematureChannelClosureException _ -> broke(failure);
      case DecoderException _ when tls(failure).isPresent() -> broke(failure);
      default ->
          new Invalid(
              OptionalInt.empty(), "The job server's answer is not HTTP: " + reason(failure), "");
    };
  }

  private static StartOutcome broke(Throwable failure) {
    return new Unclear(
        OptionalInt.empty(), "The connection to the job server broke: " + reason(failure));
  }

  /**
   * The JDK has this class for alerts that are only sent in handshakes, but not only for alerts.
   */
  private static boolean isRefusedHandshake(Throwable failure) {
    return tls(failure)
        .filter(SSLHandshakeException.class::isInstance)
        .filter(alert -> message(alert).contains("Received fatal alert"))
        .isPresent();
  }

  /** What TLS itself said: Vert.x and Netty wrap it up. */
  private static Optional<Throwable> tls(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(SSLException.class::isInstance)
        .filter(cause -> !message(cause).isEmpty())
        .reduce((_, deeper) -> deeper);
  }

  /** Why, in short; TLS's own words where it was TLS. */
  static String reason(Throwable failure) {
    String why =
        tls(failure).map(cause -> "TLS: " + message(cause)).orElseGet(() -> message(failure));
    String known = why.isEmpty() ? failure.getClass().getSimpleName() : why;
    return known.length() <= LONGEST_REASON ? known : known.substring(0, LONGEST_REASON);
  }

  private static String message(Throwable failure) {
    return failure.getMessage() != null
        ? SYSTEM_CALL.matcher(failure.getMessage()).replaceFirst("")
        : "";
  }
}
