package io.asyncproxy.store.embedded;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Digest;
import io.asyncproxy.job.Failure;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Submission;
import io.asyncproxy.job.TraceContext;
import io.asyncproxy.job.Via;
import io.asyncproxy.store.StateCodes;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** How a job is written as a row, and read from one. */
final class JobRow {
  static final String COLUMNS =
      "id,account,state,attempts,wake_at,created_at,hold_until,started_at,finished_at,"
          + "job_server_id,request,result,reason,upstream_status,retry_after,detail,payload,"
          + "key_scope,key,key_digest,replay_of,owner,message_id,route,request_head,result_head,progress,"
          + "progress_at,by_id,trace";

  static final String INSERT =
      "INSERT INTO jobs (id,account,state,attempts,wake_at,created_at,hold_until,started_at,request,"
          + "key_scope,key,key_digest,replay_of,owner,route,request_head,by_id,trace)"
          + " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

  private JobRow() {}

  /** Binds a new job to {@link #INSERT}. */
  static void bind(PreparedStatement insert, Job job) throws SQLException {
    Submission submission = job.submission();
    insert.setBytes(1, bytes(job.id()));
    insert.setString(2, submission.account());
    insert.setInt(3, StateCodes.of(job.state()));
    insert.setInt(4, job.attempts());
    insert.setLong(5, job.wakeAt().toEpochMilli());
    insert.setLong(6, submission.createdAt().toEpochMilli());
    bindTime(insert, 7, submission.holdUntil());
    bindTime(insert, 8, job.startedAt());
    insert.setBytes(9, submission.body());
    insert.setString(10, submission.key().map(IdempotencyKey::scope).orElse(null));
    insert.setString(11, submission.key().map(IdempotencyKey::value).orElse(null));
    insert.setString(12, submission.key().map(key -> key.bodyDigest().hex()).orElse(null));
    insert.setBytes(13, submission.replayOf().map(JobRow::bytes).orElse(null));
    insert.setString(14, submission.owner().isEmpty() ? null : submission.owner());
    Via via = submission.via();
    insert.setString(15, via.isDefault() ? null : via.route());
    insert.setString(16, via.isDefault() ? null : via.head());
    if (via.byId()) {
      insert.setInt(17, 1);
    } else {
      insert.setNull(17, java.sql.Types.INTEGER);
    }
    insert.setString(18, via.trace().map(TraceContext::text).orElse(null));
  }

  private static void bindTime(PreparedStatement statement, int index, Optional<Instant> time)
      throws SQLException {
    if (time.isPresent()) {
      statement.setLong(index, time.get().toEpochMilli());
    } else {
      statement.setNull(index, java.sql.Types.INTEGER);
    }
  }

  /** Reads a row of {@link #COLUMNS}. */
  static Job read(ResultSet row, List<Attempt> history) throws SQLException {
    JobState state = StateCodes.state(row.getInt("state"));
    Optional<String> messageId = Optional.ofNullable(row.getString("message_id"));
    String resultHead = textOf(row, "result_head");
    return new Job(
        submission(row),
        state,
        row.getInt("attempts"),
        Instant.ofEpochMilli(row.getLong("wake_at")),
        time(row, "started_at"),
        time(row, "finished_at"),
        Optional.ofNullable(row.getString("job_server_id")),
        Optional.ofNullable(row.getBytes("result"))
            .map(body -> new Result(body, state == JobState.FAILED, messageId, resultHead)),
        failure(row),
        history,
        progress(row));
  }

  private static String textOf(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private static Optional<Progress> progress(ResultSet row) throws SQLException {
    byte[] body = row.getBytes("progress");
    return body == null
        ? Optional.empty()
        : Optional.of(new Progress(Instant.ofEpochMilli(row.getLong("progress_at")), body));
  }

  private static Submission submission(ResultSet row) throws SQLException {
    return new Submission(
        id(row.getBytes("id")),
        row.getString("account"),
        row.getBytes("request"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        time(row, "hold_until"),
        key(row),
        Optional.ofNullable(row.getBytes("replay_of")).map(JobRow::id),
        textOf(row, "owner"),
        via(row));
  }

  private static Via via(ResultSet row) throws SQLException {
    return new Via(
        textOf(row, "route"),
        textOf(row, "request_head"),
        row.getInt("by_id") == 1,
        TraceContext.ofText(row.getString("trace")));
  }

  private static Optional<IdempotencyKey> key(ResultSet row) throws SQLException {
    String value = row.getString("key");
    return value == null
        ? Optional.empty()
        : Optional.of(
            new IdempotencyKey(
                row.getString("key_scope"), value, new Digest(row.getString("key_digest"))));
  }

  private static Optional<Failure> failure(ResultSet row) throws SQLException {
    String reason = row.getString("reason");
    return reason == null
        ? Optional.empty()
        : Optional.of(
            new Failure(
                Failure.Reason.valueOf(reason.toUpperCase(Locale.ROOT)),
                number(row, "upstream_status"),
                number(row, "retry_after"),
                row.getString("detail"),
                Optional.ofNullable(row.getString("payload"))));
  }

  private static OptionalInt number(ResultSet row, String column) throws SQLException {
    int number = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  static byte[] bytes(JobId id) {
    return ByteBuffer.allocate(Long.BYTES * 2).putLong(id.high()).putLong(id.low()).array();
  }

  static JobId id(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new JobId(buffer.getLong(), buffer.getLong());
  }
}
