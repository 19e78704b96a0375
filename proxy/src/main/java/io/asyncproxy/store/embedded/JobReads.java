package io.asyncproxy.store.embedded;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.store.Conflict;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.JobQuery;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is read of jobs, by any connection. */
final class JobReads {
  private static final Logger LOG = LoggerFactory.getLogger(JobReads.class);
  private static final String FIND = "SELECT " + JobRow.COLUMNS + " FROM jobs WHERE id=?";
  private static final String HISTORY =
      "SELECT number,at,outcome,detail FROM attempts WHERE job=? ORDER BY seq";
  private static final String CONFLICTS = "SELECT at,body FROM conflicts WHERE job=? ORDER BY seq";
  private static final JobId NONE_BEFORE = new JobId(-1, -1);

  private JobReads() {}

  static Optional<Job> find(Statements statements, JobId id) throws SQLException {
    PreparedStatement find = statements.get(FIND);
    find.setBytes(1, JobRow.bytes(id));
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(JobRow.read(row, history(statements, id))) : Optional.empty();
    }
  }

  /** One that can't be read, as of another version, keeps no other from its turn. */
  static Optional<Job> readable(Statements statements, JobId id) throws SQLException {
    try {
      return find(statements, id);
    } catch (RuntimeException unreadable) {
      LOG.error("Job {} can't be read, and is left as it is: {}", id, unreadable.toString());
      return Optional.empty();
    }
  }

  /** The job that {@code key} belongs to. */
  static Optional<Job> owner(Statements statements, IdempotencyKey key) throws SQLException {
    PreparedStatement select = statements.get("SELECT job FROM keys WHERE scope=? AND key=?");
    select.setString(1, key.scope());
    select.setString(2, key.value());
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? find(statements, JobRow.id(row.getBytes(1))) : Optional.empty();
    }
  }

  static List<Attempt> history(Statements statements, JobId id) throws SQLException {
    PreparedStatement select = statements.get(HISTORY);
    select.setBytes(1, JobRow.bytes(id));
    List<Attempt> history = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Instant at = Instant.ofEpochMilli(row.getLong(2));
        history.add(new Attempt(row.getInt(1), at, row.getString(3), row.getString(4)));
      }
    }
    return List.copyOf(history);
  }

  static List<Conflict> conflicts(Statements statements, JobId id) throws SQLException {
    PreparedStatement select = statements.get(CONFLICTS);
    select.setBytes(1, JobRow.bytes(id));
    List<Conflict> conflicts = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        conflicts.add(new Conflict(Instant.ofEpochMilli(row.getLong(1)), row.getBytes(2)));
      }
    }
    return conflicts;
  }

  /** A page; one that can't be read is passed over, and does not end it. */
  static List<Job> list(Statements statements, JobQuery query) throws SQLException {
    List<Job> jobs = new ArrayList<>();
    List<JobId> page;
    JobId before = query.before().orElse(NONE_BEFORE);
    int wanted;
    do {
      wanted = query.limit() - jobs.size();
      page = ids(statements, query, before, wanted);
      for (JobId id : page) {
        readable(statements, id).ifPresent(jobs::add);
        before = id;
      }
    } while (page.size() == wanted && jobs.size() < query.limit());
    return jobs;
  }

  private static List<JobId> ids(Statements statements, JobQuery query, JobId before, int limit)
      throws SQLException {
    PreparedStatement select = statements.get(listSql(query));
    int index = 1;
    select.setBytes(index++, JobRow.bytes(before));
    if (query.account().isPresent()) {
      select.setString(index++, query.account().get());
    }
    if (query.reason().isPresent()) {
      select.setString(index++, query.reason().map(Failure.Reason::label).orElseThrow());
    }
    select.setInt(index, limit);
    List<JobId> ids = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ids.add(JobRow.id(row.getBytes(1)));
      }
    }
    return ids;
  }

  /** Each has an index of its own, which is all that is read. */
  static Counts counts(Statements statements) throws SQLException {
    PreparedStatement select =
        statements.get(
            "SELECT (SELECT count(*) FROM jobs WHERE state<3),"
                + "(SELECT count(*) FROM jobs WHERE state>=6)");
    try (ResultSet row = select.executeQuery()) {
      return new Counts(row.getLong(1), row.getLong(2));
    }
  }

  /** Dead letters alone have an index of their own; {@code state>=6} lets SQLite see that. */
  private static String listSql(JobQuery query) {
    boolean deadLetters = query.states().stream().allMatch(state -> state.isDeadLetter());
    return "SELECT id FROM jobs WHERE id<?"
        + (deadLetters ? " AND state>=6" : "")
        + " AND state IN "
        + StateLists.list(query.states())
        + (query.account().isPresent() ? " AND account=?" : "")
        + (query.reason().isPresent() ? " AND reason=?" : "")
        + " ORDER BY id DESC LIMIT ?";
  }
}
