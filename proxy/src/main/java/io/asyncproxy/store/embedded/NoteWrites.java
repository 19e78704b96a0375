package io.asyncproxy.store.embedded;

import io.asyncproxy.job.JobId;
import io.asyncproxy.store.JobName;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is written of notes, by the writer's connection, inside its transaction. */
final class NoteWrites {
  static final String COLUMNS = "SELECT kind,id,about,due,content FROM notes ";

  /** The same without bodies, which come behind the first line. */
  private static final String HEADS =
      "SELECT kind,id,about,due,CASE instr(content,x'0a') WHEN 0 THEN content"
          + " ELSE substr(content,1,instr(content,x'0a')-1) END AS content FROM notes ";

  private final Statements statements;

  NoteWrites(Statements statements) {
    this.statements = statements;
  }

  boolean put(Note note) throws SQLException {
    if (isFull(note)) {
      if (!note.kind().isOnlyKept()) {
        return false;
      }
      run(
          "DELETE FROM notes WHERE kind=?1 AND id=(SELECT id FROM notes WHERE kind=?1 ORDER BY due"
              + " LIMIT 1)",
          note.kind());
    }
    PreparedStatement insert =
        statements.get(
            "INSERT OR REPLACE INTO notes (kind,id,about,due,content) VALUES (?,?,?,?,?)");
    insert.setInt(1, code(note.kind()));
    insert.setBytes(2, JobRow.bytes(note.id()));
    insert.setString(3, note.about());
    insert.setLong(4, note.due().toEpochMilli());
    insert.setBytes(5, note.content());
    insert.executeUpdate();
    return true;
  }

  private boolean isFull(Note note) throws SQLException {
    return note.kind().most() < Integer.MAX_VALUE
        && find(statements, note.kind(), note.id()).isEmpty() // rarely: it costs less than to count
        && count(statements, note.kind()) >= note.kind().most();
  }

  private void run(String sql, Kind kind) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    statement.setInt(1, code(kind));
    statement.executeUpdate();
  }

  boolean replace(Note before, Note after) throws SQLException {
    PreparedStatement delete =
        statements.get("DELETE FROM notes WHERE kind=? AND id=? AND content=?");
    delete.setInt(1, code(before.kind()));
    delete.setBytes(2, JobRow.bytes(before.id()));
    delete.setBytes(3, before.content());
    return delete.executeUpdate() == 1 && put(after);
  }

  boolean remove(Kind kind, JobId id) throws SQLException {
    PreparedStatement delete = statements.get("DELETE FROM notes WHERE kind=? AND id=?");
    delete.setInt(1, code(kind));
    delete.setBytes(2, JobRow.bytes(id));
    return delete.executeUpdate() == 1;
  }

  List<Note> claimDue(Kind kind, Instant now, Instant until, int limit) throws SQLException {
    PreparedStatement select =
        statements.get(COLUMNS + "WHERE kind=? AND due<=? ORDER BY due LIMIT ?");
    select.setInt(1, code(kind));
    select.setLong(2, now.toEpochMilli());
    select.setInt(3, limit);
    List<Note> claimed = read(select);
    for (Note note : claimed) {
      PreparedStatement lease = statements.get("UPDATE notes SET due=? WHERE kind=? AND id=?");
      lease.setLong(1, until.toEpochMilli());
      lease.setInt(2, code(kind));
      lease.setBytes(3, JobRow.bytes(note.id()));
      lease.executeUpdate();
    }
    return claimed;
  }

  /** Whose it is; or nobody's, and whether it was kept. */
  record Owner(Optional<JobId> job, boolean kept) {}

  Owner jobOf(String about, Note otherwise) throws SQLException {
    Optional<JobId> job = jobOf(statements, about);
    return job.isPresent() ? new Owner(job, false) : new Owner(job, put(otherwise));
  }

  static Optional<JobId> jobOf(Statements statements, String about) throws SQLException {
    JobName name = JobName.of(about);
    PreparedStatement select =
        statements.get(
            "SELECT id FROM jobs WHERE by_id=1 AND job_server_id=? AND coalesce(route,'')=?"
                + " ORDER BY id DESC LIMIT 1");
    select.setString(1, name.id());
    select.setString(2, name.route());
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(JobRow.id(row.getBytes(1))) : Optional.empty();
    }
  }

  List<Note> link(String about, JobId job) throws SQLException {
    PreparedStatement update = statements.get("UPDATE jobs SET job_server_id=?,by_id=1 WHERE id=?");
    update.setString(1, JobName.of(about).id());
    update.setBytes(2, JobRow.bytes(job));
    update.executeUpdate();
    PreparedStatement early = statements.get(COLUMNS + "WHERE about=? AND kind IN (?,?)");
    early.setString(1, about);
    early.setInt(2, code(Kind.EARLY));
    early.setInt(3, code(Kind.ORPHAN));
    return read(early);
  }

  int purge(Instant now, int limit) throws SQLException {
    int gone = 0;
    for (Kind kind : Kind.values()) {
      if (kind.isOnlyKept()) {
        PreparedStatement notes =
            statements.get(
                "DELETE FROM notes WHERE kind=?1 AND id IN"
                    + " (SELECT id FROM notes WHERE kind=?1 AND due<=?2 LIMIT ?3)");
        notes.setInt(1, code(kind));
        notes.setLong(2, now.toEpochMilli());
        notes.setInt(3, limit);
        gone += notes.executeUpdate();
      }
    }
    return gone;
  }

  static Optional<Note> find(Statements statements, Kind kind, JobId id) throws SQLException {
    PreparedStatement select = statements.get(COLUMNS + "WHERE kind=? AND id=?");
    select.setInt(1, code(kind));
    select.setBytes(2, JobRow.bytes(id));
    return read(select).stream().findFirst();
  }

  static List<Note> list(Statements statements, Kind kind, Optional<JobId> before, int limit)
      throws SQLException {
    PreparedStatement select =
        statements.get(HEADS + "WHERE kind=? AND id<? ORDER BY id DESC LIMIT ?");
    select.setInt(1, code(kind));
    select.setBytes(2, JobRow.bytes(before.orElse(new JobId(-1, -1))));
    select.setInt(3, limit);
    return read(select);
  }

  static long count(Statements statements, Kind kind) throws SQLException {
    PreparedStatement select = statements.get("SELECT count(*) FROM notes WHERE kind=?");
    select.setInt(1, code(kind));
    try (ResultSet row = select.executeQuery()) {
      return row.getLong(1);
    }
  }

  private static List<Note> read(PreparedStatement select) throws SQLException {
    List<Note> notes = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        notes.add(
            new Note(
                kind(row.getInt("kind")),
                JobRow.id(row.getBytes("id")),
                row.getString("about"),
                Instant.ofEpochMilli(row.getLong("due")),
                row.getBytes("content")));
      }
    }
    return notes;
  }

  /** Written down in every database: never changed. */
  static int code(Kind kind) {
    return switch (kind) {
      case DELIVERY -> 0;
      case EARLY -> 1;
      case ORPHAN -> 2;
      case REJECTED -> 3;
      case UNDELIVERED -> 4;
      case CONFLICT -> 5;
    };
  }

  private static Kind kind(int code) {
    return switch (code) {
      case 0 -> Kind.DELIVERY;
      case 1 -> Kind.EARLY;
      case 2 -> Kind.ORPHAN;
      case 3 -> Kind.REJECTED;
      case 4 -> Kind.UNDELIVERED;
      case 5 -> Kind.CONFLICT;
      default -> throw new IllegalArgumentException("no kind of note has the code " + code);
    };
  }
}
