package io.asyncproxy.callback;

import io.asyncproxy.job.JobId;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Notes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callbacks that did not prove where they came from: some are kept to be looked at, whoever sends
 * how many. Thread-safe.
 */
public final class Rejections {
  private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);
  private static final int KEPT_PER_SECOND = 10;

  private final Notes notes;
  private final InstantSource clock;
  private final Duration kept;
  private final SecureRandom random;
  private long second;
  private int inSecond;

  /** Rejections that are {@code kept} for so long. */
  public Rejections(Notes notes, InstantSource clock, Duration kept, SecureRandom random) {
    this.notes = notes;
    this.clock = clock;
    this.kept = kept;
    this.random = random;
  }

  /** A callback is refused; {@code why} is for people, and never holds a secret. */
  public void add(String why, byte[] body) {
    if (!hasRoom()) {
      return;
    }
    Instant now = clock.instant();
    StrayCallback stray = StrayCallback.excerpt(Optional.empty(), why, body);
    JobId id = JobId.create(now.toEpochMilli(), random);
    notes
        .put(new Note(Note.Kind.REJECTED, id, "", now.plus(kept), stray.content()))
        .onFailure(failure -> LOG.debug("A rejection is not kept: {}", failure.getMessage()));
  }

  private synchronized boolean hasRoom() {
    long now = clock.instant().getEpochSecond();
    if (now != second) {
      second = now;
      inSecond = 0;
    }
    inSecond++;
    return inSecond <= KEPT_PER_SECOND;
  }
}
