package io.asyncproxy.store;

import io.asyncproxy.job.Job;

/** What became of a change. */
public sealed interface Verdict {

  /** It happened. */
  record Applied() implements Verdict {}

  /** The job, as it is now, doesn't allow it; nothing was written. */
  record Refused(Job current) implements Verdict {}

  /** There is no such job, or no longer. */
  record Unknown() implements Verdict {}
}
