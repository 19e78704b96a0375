package io.asyncproxy.delivery;

import java.time.Duration;
import java.util.Optional;

/** How one attempt to deliver ended. */
sealed interface DeliveryAnswer {

  /** Taken (2xx). */
  record Taken() implements DeliveryAnswer {}

  /** Not wanted any more (410): no further attempt. */
  record Gone() implements DeliveryAnswer {}

  /** Not taken this time; who answered may have said when to come back. */
  record Failed(String why, Optional<Duration> retryAfter) implements DeliveryAnswer {}

  /** Not sent, as too many to the same host are under way: no attempt. */
  record NotSent(String why) implements DeliveryAnswer {}

  /** What a status means; redirects are not followed, and are failures. */
  static DeliveryAnswer of(int status, Optional<Duration> retryAfter) {
    if (status / 100 == 2) {
      return new Taken();
    }
    return status == 410 ? new Gone() : new Failed("answered with status " + status, retryAfter);
  }

  /** The name of the answer, as traces show it. */
  default String label() {
    return switch (this) {
      case Taken _ -> "delivered";
      case Gone _ -> "gone";
      case Failed _ -> "failed";
      case NotSent _ -> "not_sent";
    };
  }
}
