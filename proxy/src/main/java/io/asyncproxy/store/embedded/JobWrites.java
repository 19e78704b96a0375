package io.asyncproxy.store.embedded;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Transition;
import io.asyncproxy.store.Acceptance;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.StateCodes;
import io.asyncproxy.store.Verdict;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is written of jobs, by the writer's connection, inside its transaction. */
final class JobWrites {
  private static final String NO_FAILURE =
      "reason=NULL,upstream_status=NULL,retry_after=NULL,detail=NULL,payload=NULL";
  private static final String RESULT =
      "result=?,result_head=?,message_id=?,job_server_id=coalesce(job_server_id,?),finished_at=?,"
          + "request=x''";
  private static final String FAILURE =
      "reason=?,upstream_status=?,retry_after=?,detail=?,payload=?";

  private static final String START =
      update(Transition.START, "attempts=?,started_at=?", " AND attempts=?");
  private static final String STARTED =
      update(Transition.STARTED, "job_server_id=?", " AND attempts=?");
  private static final String PROGRESS =
      update(
          Transition.PROGRESS,
          "progress=?,progress_at=?,job_server_id=coalesce(job_server_id,?)",
          "");
  private static final String BACK_OFF =
      update(Transition.BACK_OFF, "started_at=NULL", " AND attempts=?");
  private static final String UNCLEAR = update(Transition.UNCLEAR, "id=id", " AND attempts=?");
  private static final String OVERDUE = update(Transition.OVERDUE, "id=id", " AND attempts=?");
  private static final String GIVE_UP =
      update(Transition.GIVE_UP, "finished_at=?," + FAILURE, " AND attempts=?");
  private static final String COMPLETE = update(Transition.COMPLETE, RESULT + "," + NO_FAILURE, "");
  private static final String FAIL = update(Transition.FAIL, RESULT + "," + NO_FAILURE, "");
  private static final String EXPIRE =
      update(Transition.EXPIRE, "finished_at=?," + FAILURE, " AND attempts=?");
  private static final String CANCEL = update(Transition.CANCEL, "finished_at=?,request=x''", "");

  private final Statements statements;

  JobWrites(Statements statements) {
    this.statements = statements;
  }

  /** A compare-and-set: the transition's source states and the fence are in the condition. */
  private static String update(Transition transition, String columns, String fence) {
    return "UPDATE jobs SET state=%d,wake_at=?,%s WHERE id=? AND state IN %s%s"
        .formatted(StateCodes.of(transition.to()), columns, StateLists.from(transition), fence);
  }

  /** What is written beside the jobs, in the same transaction. */
  NoteWrites notes() {
    return new NoteWrites(statements);
  }

  Acceptance accept(Job job) throws SQLException {
    Optional<IdempotencyKey> key = job.submission().key();
    if (key.isPresent()) {
      Optional<Job> owner = JobReads.owner(statements, key.get());
      if (owner.isPresent()) {
        return Acceptance.of(key.get(), owner.get());
      }
      keep(key.get(), job.id());
    }
    PreparedStatement insert = statements.get(JobRow.INSERT);
    JobRow.bind(insert, job);
    insert.executeUpdate();
    return new Acceptance.Created();
  }

  private void keep(IdempotencyKey key, JobId job) throws SQLException {
    PreparedStatement insert =
        statements.get("INSERT OR REPLACE INTO keys (scope,key,job) VALUES (?,?,?)");
    insert.setString(1, key.scope());
    insert.setString(2, key.value());
    insert.setBytes(3, JobRow.bytes(job));
    insert.executeUpdate();
  }

  Verdict apply(JobId id, Change change) throws SQLException {
    if (update(id, change) == 1) {
      follow(id, change);
      return new Verdict.Applied();
    }
    Optional<Job> current = JobReads.find(statements, id);
    return current.<Verdict>map(Verdict.Refused::new).orElseGet(Verdict.Unknown::new);
  }

  private int update(JobId id, Change change) throws SQLException {
    Row row = new Row(id, change);
    return switch (change) {
      case Change.Start start ->
          row.of(START).number(start.attempt()).time(start.at()).updateFenced(start.attempt() - 1);
      case Change.Started started ->
          row.of(STARTED).text(started.jobServerId().orElse(null)).updateFenced(started.attempt());
      case Change.Progressed progressed ->
          row.of(PROGRESS)
              .bytes(progressed.progress().body())
              .time(progressed.progress().at())
              .text(progressed.jobServerId().orElse(null))
              .update();
      case Change.BackOff backOff -> row.of(BACK_OFF).updateFenced(backOff.ended().number());
      case Change.Unclear unclear -> row.of(UNCLEAR).updateFenced(unclear.ended().number());
      case Change.Overdue overdue -> row.of(OVERDUE).updateFenced(overdue.noted().number());
      case Change.GiveUp giveUp ->
          row.of(GIVE_UP)
              .time(giveUp.at())
              .failure(giveUp.failure())
              .updateFenced(giveUp.ended().number());
      case Change.Finish finish ->
          row.of(finish.result().failed() ? FAIL : COMPLETE)
              .bytes(finish.result().body())
              .text(finish.result().head().isEmpty() ? null : finish.result().head())
              .text(finish.result().messageId().orElse(null))
              .text(finish.jobServerId().orElse(null))
              .time(finish.at())
              .update();
      case Change.Expire expire ->
          row.of(EXPIRE).time(expire.at()).failure(expire.failure()).updateFenced(expire.attempt());
      case Change.Cancel cancel -> row.of(CANCEL).time(cancel.at()).update();
    };
  }

  /** What a change writes beside the job's own row. */
  private void follow(JobId id, Change change) throws SQLException {
    switch (change) {
      case Change.BackOff backOff -> remember(id, backOff.ended());
      case Change.Unclear unclear -> remember(id, unclear.ended());
      case Change.Overdue overdue -> remember(id, overdue.noted());
      case Change.GiveUp giveUp -> {
        remember(id, giveUp.ended());
        freeKey(id, giveUp.failure());
      }
      case Change.Expire expire -> freeKey(id, expire.failure());
      case Change.Start _,
          Change.Started _,
          Change.Progressed _,
          Change.Finish _,
          Change.Cancel _ -> {}
    }
  }

  private void remember(JobId id, Attempt ended) throws SQLException {
    PreparedStatement insert =
        statements.get(
            "INSERT INTO attempts (job,seq,number,at,outcome,detail) VALUES"
                + " (?1,1+coalesce((SELECT max(seq) FROM attempts WHERE job=?1),0),?2,?3,?4,?5)");
    insert.setBytes(1, JobRow.bytes(id));
    insert.setInt(2, ended.number());
    insert.setLong(3, ended.at().toEpochMilli());
    insert.setString(4, ended.outcome());
    insert.setString(5, ended.detail());
    insert.executeUpdate();
    PreparedStatement cut =
        statements.get(
            "DELETE FROM attempts WHERE job=?1 AND seq<="
                + "(SELECT max(seq) FROM attempts WHERE job=?1)-"
                + Job.HISTORY_KEPT);
    cut.setBytes(1, JobRow.bytes(id));
    cut.executeUpdate();
  }

  private void freeKey(JobId id, Failure failure) throws SQLException {
    if (failure.reason().surelyNotStarted()) {
      forgetKey(JobRow.bytes(id));
    }
  }

  private void forgetKey(byte[] id) throws SQLException {
    PreparedStatement delete =
        statements.get(
            "DELETE FROM keys WHERE (scope,key)=(SELECT key_scope,key FROM jobs WHERE id=?1)"
                + " AND job=?1");
    delete.setBytes(1, id);
    delete.executeUpdate();
  }

  List<Job> claimDue(Claim claim, int limit) throws SQLException {
    PreparedStatement select =
        statements.get(
            "SELECT id FROM jobs WHERE state<3 AND wake_at<=? ORDER BY wake_at,id LIMIT ?");
    select.setLong(1, claim.now().toEpochMilli());
    select.setInt(2, limit);
    List<Job> claimed = new ArrayList<>();
    for (byte[] id : ids(select)) {
      Optional<Job> found = JobReads.readable(statements, JobRow.id(id));
      Instant lease = found.map(claim::leaseOf).orElse(claim.until());
      lease(id, lease);
      found.map(job -> job.leasedUntil(lease)).ifPresent(claimed::add);
    }
    return claimed;
  }

  private void lease(byte[] id, Instant until) throws SQLException {
    PreparedStatement lease = statements.get("UPDATE jobs SET wake_at=? WHERE id=?");
    lease.setLong(1, until.toEpochMilli());
    lease.setBytes(2, id);
    lease.executeUpdate();
  }

  private static List<byte[]> ids(PreparedStatement select) throws SQLException {
    List<byte[]> ids = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ids.add(row.getBytes(1));
      }
    }
    return ids;
  }

  int purge(Instant now, int limit) throws SQLException {
    PreparedStatement select =
        statements.get(
            "SELECT id FROM jobs WHERE state>=3 AND wake_at<=? ORDER BY wake_at LIMIT ?");
    select.setLong(1, now.toEpochMilli());
    select.setInt(2, limit);
    List<byte[]> ids = ids(select);
    for (byte[] id : ids) {
      if (isToBeDelivered(id)) {
        lease(id, now.plus(JobStore.PUT_OFF));
      } else {
        forget(id);
      }
    }
    return ids.size();
  }

  private boolean isToBeDelivered(byte[] id) throws SQLException {
    PreparedStatement select = statements.get("SELECT 1 FROM notes WHERE kind=? AND id=?");
    select.setInt(1, NoteWrites.code(Note.Kind.DELIVERY));
    select.setBytes(2, id);
    try (ResultSet row = select.executeQuery()) {
      return row.next();
    }
  }

  private void forget(byte[] id) throws SQLException {
    forgetKey(id);
    for (String sql :
        List.of(
            "DELETE FROM attempts WHERE job=?",
            "DELETE FROM conflicts WHERE job=?",
            "DELETE FROM jobs WHERE id=?")) {
      PreparedStatement delete = statements.get(sql);
      delete.setBytes(1, id);
      delete.executeUpdate();
    }
  }

  boolean discard(JobId id) throws SQLException {
    Optional<Job> found = JobReads.find(statements, id);
    if (found.filter(job -> job.state().isDeadLetter()).isEmpty()) {
      return false;
    }
    forget(JobRow.bytes(id));
    return true;
  }

  void keepConflict(JobId id, Conflict conflict) throws SQLException {
    PreparedStatement insert =
        statements.get(
            "INSERT INTO conflicts (job,seq,at,body) SELECT ?1,n,?2,?3 FROM"
                + " (SELECT count(*) AS n FROM conflicts WHERE job=?1) WHERE n<"
                + Conflict.KEPT_PER_JOB
                + " AND EXISTS (SELECT 1 FROM jobs WHERE id=?1)");
    insert.setBytes(1, JobRow.bytes(id));
    insert.setLong(2, conflict.at().toEpochMilli());
    insert.setBytes(3, conflict.body());
    insert.executeUpdate();
  }

  String secret(String name, String candidate) throws SQLException {
    PreparedStatement insert =
        statements.get("INSERT OR IGNORE INTO secrets (name,value) VALUES (?,?)");
    insert.setString(1, name);
    insert.setString(2, candidate);
    insert.executeUpdate();
    PreparedStatement select = statements.get("SELECT value FROM secrets WHERE name=?");
    select.setString(1, name);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? row.getString(1) : candidate;
    }
  }

  /**
   * Nobody else has this store: what was being looked after by the process before is due now. A job
   * that waits for another attempt keeps its time, which the job server may have named.
   */
  // "state<3" is the due index's own condition: SQLite does not see that it follows from the rest.
  int recover(Instant now) throws SQLException {
    PreparedStatement due =
        statements.get(
            "UPDATE jobs SET wake_at=?1 WHERE (state=1 OR (state=0 AND attempts=0)) AND state<3 AND wake_at>?1");
    due.setLong(1, now.toEpochMilli());
    return due.executeUpdate();
  }

  void probe(long now) throws SQLException {
    PreparedStatement write = statements.get("INSERT OR REPLACE INTO probe (id,at) VALUES (1,?)");
    write.setLong(1, now);
    write.executeUpdate();
  }

  /** The values of one update, bound one after the other. */
  private final class Row {
    private final JobId id;
    private final Change change;
    private PreparedStatement statement;
    private int index;

    @SuppressWarnings("NullAway.Init") // every use begins with of()
    Row(JobId id, Change change) {
      this.id = id;
      this.change = change;
    }

    Row of(String sql) throws SQLException {
      statement = statements.get(sql);
      index = 0;
      return time(change.wakeAt());
    }

    Row number(int value) throws SQLException {
      statement.setInt(++index, value);
      return this;
    }

    Row time(Instant value) throws SQLException {
      statement.setLong(++index, value.toEpochMilli());
      return this;
    }

    Row text(@org.jspecify.annotations.Nullable String value) throws SQLException {
      statement.setString(++index, value);
      return this;
    }

    Row bytes(byte[] value) throws SQLException {
      statement.setBytes(++index, value);
      return this;
    }

    Row failure(Failure failure) throws SQLException {
      text(failure.reason().label());
      optional(failure.upstreamStatus());
      optional(failure.retryAfterSeconds());
      text(failure.detail());
      return text(failure.payload().orElse(null));
    }

    private void optional(java.util.OptionalInt value) throws SQLException {
      if (value.isPresent()) {
        number(value.getAsInt());
      } else {
        statement.setNull(++index, Types.INTEGER);
      }
    }

    int updateFenced(int attempts) throws SQLException {
      bytes(JobRow.bytes(id));
      number(attempts);
      return statement.executeUpdate();
    }

    int update() throws SQLException {
      bytes(JobRow.bytes(id));
      return statement.executeUpdate();
    }
  }
}
