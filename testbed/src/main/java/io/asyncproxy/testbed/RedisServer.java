package io.asyncproxy.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A real {@code redis-server} of its user's own, on a free port, in a folder of its own. */
public final class RedisServer implements AutoCloseable {
  private final int port;
  private final Path folder;
  private final List<String> options;
  private Process process;

  /** Starts one that keeps everything ({@code appendfsync always}), with further options. */
  public RedisServer(String... options) throws Exception {
    this(freePort(), options);
  }

  /** The same on {@code port}. */
  public RedisServer(int port, String... options) throws Exception {
    this.port = port;
    this.folder = Files.createTempDirectory("redis-test");
    this.options = List.of(options);
    this.process = launch();
    awaitAnswer();
  }

  /**
   * One that keeps everything unless its machine dies: who kills it only, as tests do, need not
   * wait for the disk, which may take seconds where it is busy.
   */
  public static RedisServer notSynced() throws Exception {
    return new RedisServer("--appendfsync", "no");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "always"));
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "log"))
        .start();
  }

  private void awaitAnswer() throws Exception {
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      try {
        if (ask("PING")) {
          return;
        }
      } catch (IOException notYet) {
        new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException("redis-server did not start: " + Files.readString(folder.resolve("log")));
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Where it listens, as {@code store.url}. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Stops it as {@code kill -9} does. */
  public void kill() throws Exception {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Starts it again on what it has on disk. */
  public void restart() throws Exception {
    process = launch();
    awaitAnswer();
  }

  /** Lets it hang, as a machine does that swaps. */
  public void pause() throws Exception {
    signal("STOP");
  }

  /** Ends {@link #pause}. */
  public void goOn() throws Exception {
    signal("CONT");
  }

  /** Lets all clients wait for so long; it ends that by itself. */
  public void pauseFor(Duration time) throws IOException {
    ask("CLIENT PAUSE " + time.toMillis());
  }

  private boolean ask(String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
      return socket.getInputStream().read() >= 0;
    }
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() throws Exception {
    kill();
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
