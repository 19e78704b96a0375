package io.asyncproxy.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The store's database as an operator may read it, while the proxy runs. */
final class StoreFile {
  private static final String UNFINISHED =
      "SELECT count(*) FROM readable_jobs WHERE state IN ('accepted','starting','running')";

  private final Path database;

  StoreFile(Path database) {
    this.database = database;
  }

  long unfinished() throws SQLException {
    return number(UNFINISHED);
  }

  long jobs() throws SQLException {
    return number("SELECT count(*) FROM readable_jobs");
  }

  long jobsIn(String state) throws SQLException {
    return number("SELECT count(*) FROM readable_jobs WHERE state='" + state + "'");
  }

  /** Keys that more than one job was made for, beside those that surely were not started. */
  long keysUsedTwice() throws SQLException {
    return number(
        "SELECT count(*) FROM (SELECT key FROM readable_jobs WHERE key IS NOT NULL"
            + " AND coalesce(reason,'')<>'not_started' GROUP BY key HAVING count(*)>1)");
  }

  /** Keys of no job, and jobs whose key leads elsewhere. */
  long danglingKeys() throws SQLException {
    return number("SELECT count(*) FROM keys WHERE job NOT IN (SELECT id FROM jobs)")
        + number(
            "SELECT count(*) FROM jobs JOIN keys ON keys.scope=key_scope AND keys.key=jobs.key"
                + " WHERE keys.job<>jobs.id AND coalesce(reason,'')<>'not_started'");
  }

  /** Waits until every job is finished; false where some are not within {@code longest}. */
  boolean allFinish(Duration longest) throws SQLException {
    long began = System.nanoTime();
    while (unfinished() > 0) {
      if (System.nanoTime() - began > longest.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(50_000_000);
    }
    return true;
  }

  private long number(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }
}
