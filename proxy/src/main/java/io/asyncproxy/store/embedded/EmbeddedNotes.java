package io.asyncproxy.store.embedded;

import io.asyncproxy.job.JobId;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Notes in the database of the jobs. */
record EmbeddedNotes(Writer writer, Readers readers) implements Notes {
  @Override
  public Future<Boolean> put(Note note) {
    return writer.write(jobs -> jobs.notes().put(note));
  }

  @Override
  public Future<Boolean> replace(Note before, Note after) {
    return writer.write(jobs -> jobs.notes().replace(before, after));
  }

  @Override
  public Future<Boolean> remove(Kind kind, JobId id) {
    return writer.write(jobs -> jobs.notes().remove(kind, id));
  }

  @Override
  public Future<List<Note>> claimDue(Kind kind, Instant now, Instant until, int limit) {
    return writer.write(jobs -> jobs.notes().claimDue(kind, now, until, limit));
  }

  @Override
  public Future<Optional<Note>> find(Kind kind, JobId id) {
    return readers.read(statements -> NoteWrites.find(statements, kind, id));
  }

  @Override
  public Future<List<Note>> list(Kind kind, Optional<JobId> before, int limit) {
    return readers.read(statements -> NoteWrites.list(statements, kind, before, limit));
  }

  @Override
  public Future<Long> count(Kind kind) {
    return readers.read(statements -> NoteWrites.count(statements, kind));
  }

  @Override
  public Future<Optional<JobId>> jobOf(String about, Note otherwise) {
    return writer
        .write(jobs -> jobs.notes().jobOf(about, otherwise))
        .map(
            owner -> {
              if (owner.job().isEmpty() && !owner.kept()) {
                throw new StoreUnavailableException(Notes.NO_ROOM);
              }
              return owner.job();
            });
  }

  @Override
  public Future<Optional<JobId>> jobOf(String about) {
    return readers.read(statements -> NoteWrites.jobOf(statements, about));
  }

  @Override
  public boolean knowNamedJobs() {
    return true;
  }

  /** As long as the job is kept. */
  @Override
  public Future<List<Note>> link(String about, JobId job, Instant now, Duration kept) {
    return writer.write(jobs -> jobs.notes().link(about, job));
  }

  @Override
  public Future<Integer> purge(Instant now, int limit) {
    return writer.write(jobs -> jobs.notes().purge(now, limit));
  }
}
