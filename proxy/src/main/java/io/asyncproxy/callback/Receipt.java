package io.asyncproxy.callback;

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

  /** Not by anyone who was given the token. */
  record Rejected() implements Receipt {}

  /** Its job was forgotten long ago. */
  record Gone() implements Receipt {}
}
