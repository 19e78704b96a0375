package io.asyncproxy.store.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The store's directory and files, which only their owner may read: they hold requests and keys.
 */
final class StoreDirectory {
  private static final String DATABASE = "jobs.db";

  private StoreDirectory() {}

  /** The database file in {@code directory}, both made where they are missing. */
  static Path database(Path directory) throws IOException {
    Files.createDirectories(directory, permissions("rwx------"));
    Path database = directory.resolve(DATABASE);
    try {
      Files.createFile(database, permissions("rw-------")); // SQLite's other files take after it
    } catch (FileAlreadyExistsException asUsual) {
      // It is opened as it is.
    }
    return database;
  }

  private static FileAttribute<?>[] permissions(String text) {
    return java.io.File.separatorChar == '/'
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
        }
        : new FileAttribute<?>[0];
  }
}
