package io.asyncproxy.store.embedded;

import io.asyncproxy.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/**
 * SQLite's library. On Linux it is unpacked here, and its file is gone once it is loaded:
 * sqlite-jdbc would leave it behind wherever no {@code deleteOnExit} runs, compare byte by byte
 * what it has written, in code that is not compiled by then, and run {@code uname} to see whether
 * this is Android, which is a seventh of a start. Elsewhere it does as it always did.
 */
final class NativeLibrary {
  private static final String TEMPORARY = "org.sqlite.tmpdir";
  private static final String DIRECTORY = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";
  private static final String FILE = "libsqlitejdbc.so";
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads it once; where the temporary folder forbids execution, from beside the database, if that
   * is known.
   */
  static synchronized void load(@Nullable Path beside) {
    if (loaded) {
      return;
    }
    try {
      loadIn(System.getProperty(TEMPORARY, System.getProperty("java.io.tmpdir")));
    } catch (Exception noexec) {
      loadBeside(beside, noexec);
    }
    loaded = true;
  }

  private static void loadBeside(@Nullable Path database, Exception noexec) {
    try {
      if (database == null) {
        throw noexec;
      }
      loadIn(database.toString());
    } catch (Exception failure) {
      throw new StoreUnavailableException("SQLite's library can't be loaded", failure);
    }
  }

  private static void loadIn(String temporary) throws Exception {
    System.setProperty(TEMPORARY, temporary);
    Optional<String> resource = resource();
    if (resource.isEmpty() || System.getProperty(DIRECTORY) != null) {
      SQLiteJDBCLoader.initialize();
      return;
    }
    Path folder = Files.createTempDirectory(Path.of(temporary), "async-proxy-");
    try {
      unpack(resource.get(), folder.resolve(FILE));
      loadFrom(folder);
    } finally {
      Files.deleteIfExists(folder.resolve(FILE));
      Files.delete(folder);
    }
  }

  private static void unpack(String resource, Path file) throws IOException {
    try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (library != null) {
        Files.write(file, library.readAllBytes());
      }
    }
  }

  /** Where there is none sqlite-jdbc looks for its own. */
  private static void loadFrom(Path folder) throws Exception {
    System.setProperty(DIRECTORY, folder.toString());
    System.setProperty(NAME, FILE);
    try {
      SQLiteJDBCLoader.initialize();
    } finally {
      System.clearProperty(DIRECTORY);
      System.clearProperty(NAME);
    }
  }

  /** Where the jar keeps it; empty where that is not for certain. */
  private static Optional<String> resource() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    String system = OSInfo.isMusl() ? "Linux-Musl" : "Linux";
    return Optional.of("/org/sqlite/native/" + system + "/" + OSInfo.getArchName() + "/" + FILE);
  }
}
