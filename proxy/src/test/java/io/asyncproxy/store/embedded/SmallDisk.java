package io.asyncproxy.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of a few megabytes that can be filled, freed, and made read-only. Needs root. */
final class SmallDisk implements AutoCloseable {
  private final Path mount;

  private SmallDisk(Path mount) {
    this.mount = mount;
  }

  /** Mounts it; fails where this process may not. */
  static SmallDisk at(Path mount, String size) throws Exception {
    Files.createDirectories(mount);
    run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mount.toString());
    return new SmallDisk(mount);
  }

  Path path() {
    return mount;
  }

  private Path filler() {
    return mount.resolve("filler");
  }

  /** Until not another byte fits. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (FileSystemException full) {
      throw full;
    } catch (IOException full) {
      // As it should be.
    }
  }

  void free() throws IOException {
    Files.delete(filler());
  }

  void makeReadOnly() throws Exception {
    run("mount", "-o", "remount,ro", mount.toString());
  }

  /** The file alone; its folder stays writable. */
  static void makeReadOnly(Path file) throws Exception {
    run("mount", "--bind", file.toString(), file.toString());
    run("mount", "-o", "remount,bind,ro", file.toString());
  }

  static void unmount(Path path) throws Exception {
    run("umount", path.toString());
  }

  @Override
  public void close() throws Exception {
    unmount(mount);
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }
}
