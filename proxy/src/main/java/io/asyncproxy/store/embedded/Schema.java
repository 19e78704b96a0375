package io.asyncproxy.store.embedded;

import io.asyncproxy.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, and how an older database becomes a newer one: each step runs once, in a transaction
 * of its own, and {@code PRAGMA user_version} counts the steps that were run. Times are
 * milliseconds since 1970; ids are the 16 bytes of a UUID; states are as {@link StateCode} says.
 */
final class Schema {
  private static final List<String> STEPS =
      List.of(
          """
          CREATE TABLE jobs (
            id BLOB NOT NULL PRIMARY KEY,
            account TEXT NOT NULL,
            state INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            wake_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            hold_until INTEGER,
            started_at INTEGER,
            finished_at INTEGER,
            job_server_id TEXT,
            request BLOB NOT NULL,
            result BLOB,
            reason TEXT,
            upstream_status INTEGER,
            retry_after INTEGER,
            detail TEXT,
            payload TEXT,
            key_scope TEXT,
            key TEXT,
            key_digest TEXT,
            replay_of BLOB
          ) WITHOUT ROWID;
          CREATE INDEX due ON jobs (wake_at) WHERE state < 3;
          CREATE INDEX expiry ON jobs (wake_at) WHERE state >= 3;
          CREATE INDEX dead_letters ON jobs (id) WHERE state >= 6;
          CREATE TABLE keys (
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            job BLOB NOT NULL,
            PRIMARY KEY (scope, key)
          ) WITHOUT ROWID;
          CREATE TABLE attempts (
            job BLOB NOT NULL,
            seq INTEGER NOT NULL,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (job, seq)
          ) WITHOUT ROWID;
          CREATE TABLE conflicts (
            job BLOB NOT NULL,
            seq INTEGER NOT NULL,
            at INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (job, seq)
          ) WITHOUT ROWID;
          CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL);
          CREATE VIEW readable_jobs AS SELECT
            lower(substr(hex(id),1,8)||'-'||substr(hex(id),9,4)||'-'||substr(hex(id),13,4)||'-'
              ||substr(hex(id),17,4)||'-'||substr(hex(id),21)) AS id,
            account,
            CASE state WHEN 0 THEN 'accepted' WHEN 1 THEN 'starting' WHEN 2 THEN 'running'
              WHEN 3 THEN 'completed' WHEN 4 THEN 'failed' WHEN 5 THEN 'cancelled'
              WHEN 6 THEN 'given_up' ELSE 'expired' END AS state,
            attempts,
            strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
            strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000.0, 'unixepoch') AS started_at,
            strftime('%Y-%m-%dT%H:%M:%fZ', finished_at / 1000.0, 'unixepoch') AS finished_at,
            strftime('%Y-%m-%dT%H:%M:%fZ', wake_at / 1000.0, 'unixepoch') AS wake_at,
            job_server_id, reason, detail, key,
            CAST(request AS TEXT) AS request, CAST(result AS TEXT) AS result
            FROM jobs;
          """,
          """
          ALTER TABLE jobs ADD COLUMN owner TEXT;
          ALTER TABLE jobs ADD COLUMN message_id TEXT;
          CREATE TABLE notes (
            kind INTEGER NOT NULL,
            id BLOB NOT NULL,
            about TEXT NOT NULL,
            due INTEGER NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (kind, id)
          ) WITHOUT ROWID;
          CREATE INDEX notes_due ON notes (kind, due);
          CREATE INDEX notes_about ON notes (about);
          CREATE TABLE links (
            about TEXT NOT NULL PRIMARY KEY,
            job BLOB NOT NULL,
            until INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX links_until ON links (until);
          """,
          """
          ALTER TABLE jobs ADD COLUMN route TEXT;
          ALTER TABLE jobs ADD COLUMN request_head TEXT;
          ALTER TABLE jobs ADD COLUMN result_head TEXT;
          ALTER TABLE jobs ADD COLUMN progress BLOB;
          ALTER TABLE jobs ADD COLUMN progress_at INTEGER;
          """,
          """
          ALTER TABLE jobs ADD COLUMN by_id INTEGER;
          ALTER TABLE jobs ADD COLUMN trace TEXT;
          UPDATE jobs SET by_id=1 WHERE id IN (SELECT job FROM links);
          UPDATE jobs SET job_server_id=(SELECT about FROM links WHERE job=jobs.id)
            WHERE by_id=1 AND job_server_id IS NULL AND route IS NULL;
          CREATE INDEX names ON jobs (job_server_id) WHERE by_id=1;
          DROP TABLE links;
          """);

  private Schema() {}

  /** Brings the database up to this version of the program. */
  static void migrate(Connection connection) throws SQLException {
    int version = version(connection);
    if (version > STEPS.size()) {
      throw new StoreUnavailableException(
          "the store was written by a newer version of async-proxy (schema %d, this one knows %d)"
              .formatted(version, STEPS.size()));
    }
    for (int step = version; step < STEPS.size(); step++) {
      run(
          connection,
          "BEGIN IMMEDIATE;" + STEPS.get(step) + "PRAGMA user_version=" + (step + 1) + ";COMMIT");
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      return rows.getInt(1);
    }
  }

  private static void run(Connection connection, String script) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(script);
    }
  }
}
