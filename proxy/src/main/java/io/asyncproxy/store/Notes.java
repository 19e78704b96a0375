package io.asyncproxy.store;

import io.asyncproxy.job.JobId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is kept beside the jobs, as durable as they are: deliveries, callbacks that came before
 * their start was known, and what is only kept to be looked at; and which job goes by which id at
 * the job server. Futures are as those of {@link JobStore}.
 */
public interface Notes {
  /** Why {@link #jobOf} fails where the store itself is well. */
  String NO_ROOM = "too many callbacks wait for their start responses";

  /** Keeps a note, in place of one with its kind and id; false where there is no room for it. */
  Future<Boolean> put(Note note);

  /**
   * Puts {@code after} in the place of {@code before}, perhaps as another kind, if that is there
   * with the same content; a compare-and-set.
   */
  Future<Boolean> replace(Note before, Note after);

  /** Forgets a note; false where there is none. */
  Future<Boolean> remove(Note.Kind kind, JobId id);

  /**
   * Takes up to {@code limit} notes that are due at {@code now}, the earliest first, and makes them
   * due at {@code until}, so that nobody else takes them before then.
   */
  Future<List<Note>> claimDue(Note.Kind kind, Instant now, Instant until, int limit);

  /** The note. */
  Future<Optional<Note>> find(Note.Kind kind, JobId id);

  /**
   * A page of notes without their bodies, newest first; of a kind that {@link
   * Note.Kind#isOnlyKept}.
   */
  Future<List<Note>> list(Note.Kind kind, Optional<JobId> before, int limit);

  /** How many there are. */
  Future<Long> count(Note.Kind kind);

  /**
   * The job that the job server calls {@code about}; where there is none, {@code otherwise} is kept
   * in the same step, so that {@link #link} can't miss it. Fails where there is no room for it.
   */
  Future<Optional<JobId>> jobOf(String about, Note otherwise);

  /** The job that the job server calls {@code about}; empty where there is none. */
  Future<Optional<JobId>> jobOf(String about);

  /**
   * Whether jobs that are {@linkplain io.asyncproxy.job.Via#byId found by id} are so as soon as a
   * change says what the job server calls them, and as long as they are kept: then only what came
   * early makes a {@link #link} necessary.
   */
  default boolean knowNamedJobs() {
    return false;
  }

  /**
   * From {@code now} on the job server's id {@code about} means {@code job}, for as long as {@code
   * kept}.
   *
   * @return the callbacks with this id that came before
   */
  Future<List<Note>> link(String about, JobId job, Instant now, Duration kept);

  /** Forgets up to {@code limit} of what is only kept, and of links, whose time is over. */
  Future<Integer> purge(Instant now, int limit);
}
