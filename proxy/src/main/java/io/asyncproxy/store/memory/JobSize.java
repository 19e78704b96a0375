package io.asyncproxy.store.memory;

import io.asyncproxy.job.Job;

/** How much memory a job takes, roughly: what is bounded need not be exact. */
final class JobSize {
  private static final long BOOKKEEPING_BYTES = 500;

  private JobSize() {}

  static long of(Job job) {
    int result = job.result().isPresent() ? job.result().get().body().length : 0;
    long history = job.history().size() * 200L;
    int head = job.submission().via().head().length();
    int progress = job.progress().isPresent() ? job.progress().get().body().length : 0;
    return BOOKKEEPING_BYTES + job.submission().body().length + head + progress + result + history;
  }
}
