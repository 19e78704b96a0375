package io.asyncproxy.callback;

import java.util.List;

/** What became of a callback. */
public sealed interface Receipt {

  /** The first result of its job: durable. */
  record Stored() implements Receipt {}

  /** Nothing new, or nobody needs it any more; nothing changed. */
  record Duplicate() implements Receipt {}

  /** The job only goes on; there is no result yet. */
  record Progress() implements Receipt {}

  /** The job was decided by another result, which stays; this one is kept for inspection. */
  record Conflict() implements Receipt {}

  /** The body is not what a callback is. */
  record Invalid(String error) implements Receipt {}

  /** It did not prove where it came from. */
  record Rejected(String error) implements Receipt {}

  /** Nobody knows its id (yet): kept for a while. */
  record Unknown() implements Receipt {}

  /** Its job was forgotten long ago. */
  record Gone() implements Receipt {}

  /** Whether the job has a result now, be it this one or another. */
  default boolean isTaken() {
    return switch (this) {
      case Stored _, Duplicate _, Conflict _, Gone _ -> true;
      case Progress _, Invalid _, Rejected _, Unknown _ -> false;
    };
  }

  /** The name of the receipt, as metrics show it. */
  default String label() {
    return switch (this) {
      case Stored _ -> "stored";
      case Duplicate _ -> "duplicate";
      case Progress _ -> "progress";
      case Conflict _ -> "conflict";
      case Invalid _ -> "invalid";
      case Rejected _ -> "rejected";
      case Gone _, Unknown _ -> "unknown";
    };
  }

  /** Every name that {@link #label} gives. */
  static List<String> labels() {
    return List.of("stored", "duplicate", "progress", "conflict", "invalid", "rejected", "unknown");
  }
}
