package io.asyncproxy.store.embedded;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The prepared statements of one connection. Used on one thread. */
final class Statements implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  PreparedStatement get(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known != null) {
      return known;
    }
    PreparedStatement statement = connection.prepareStatement(sql);
    prepared.put(sql, statement);
    return statement;
  }

  /**
   * From now on writes belong to a transaction that {@link #commit} ends. SQLite's own auto-commit
   * would make the driver try to begin one at every single statement.
   */
  void begin() throws SQLException {
    connection.setAutoCommit(false);
  }

  /** Makes durable what was written since the last one. */
  void commit() throws SQLException {
    connection.commit();
  }

  /** Takes back what was written since the last commit. */
  void rollBack() throws SQLException {
    try {
      connection.rollback();
    } catch (SQLException failure) {
      if (!String.valueOf(failure.getMessage()).contains("no transaction is active")) {
        throw failure;
      }
      beginAgain(); // SQLite rolled back by itself, as it does when the disk is full
    }
  }

  private void beginAgain() throws SQLException {
    try (java.sql.Statement begin = connection.createStatement()) {
      begin.execute("BEGIN");
    }
  }

  /**
   * After an error: the driver closes the statement that failed, which would otherwise fail for
   * ever.
   */
  void prepareAnew() {
    for (PreparedStatement statement : prepared.values()) {
      try {
        statement.close();
      } catch (SQLException closedAlready) {
        // It is not used any more.
      }
    }
    prepared.clear();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    connection.close();
  }
}
