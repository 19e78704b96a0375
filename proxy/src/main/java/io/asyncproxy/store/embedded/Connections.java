package io.asyncproxy.store.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;

/**
 * Opens connections to the database.
 *
 * <p>WAL with {@code synchronous=FULL}: each commit is one {@code fsync} of the log, and survives a
 * power cut if the disk keeps its word (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
final class Connections {
  private Connections() {}

  /** The first connection loads the library, and classes that take their time. */
  static void prepare() throws SQLException {
    NativeLibrary.load(null);
    JDBC.createConnection("jdbc:sqlite::memory:", new Properties()).close();
  }

  static Connection writer(Path database) throws SQLException {
    Properties pragmas = new Properties();
    pragmas.setProperty("journal_mode", "WAL");
    pragmas.setProperty("synchronous", "FULL");
    pragmas.setProperty("busy_timeout", "5000");
    pragmas.setProperty("cache_size", "-32000");
    pragmas.setProperty("secure_delete", "false");
    pragmas.setProperty("jdbc.get_generated_keys", "false"); // a further SELECT for each INSERT
    return open(database, pragmas);
  }

  static Connection reader(Path database) throws SQLException {
    Properties pragmas = new Properties();
    pragmas.setProperty("query_only", "true");
    pragmas.setProperty("busy_timeout", "5000");
    return open(database, pragmas);
  }

  private static Connection open(Path database, Properties pragmas) throws SQLException {
    NativeLibrary.load(database.toAbsolutePath().getParent());
    return JDBC.createConnection("jdbc:sqlite:" + database, pragmas);
  }
}
