package io.asyncproxy;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real {@code sshd} of its user's own, on a free port of loopback, and what a client needs to log
 * in. Like a tunnel service it says something in each session, and keeps the session open.
 */
public final class SshServer implements AutoCloseable {
  private static final String SSHD = "/usr/sbin/sshd";

  private final Path folder;
  private final int port = freePort();
  private final int remotePort = freePort();
  private @Nullable Process process;

  /** One that is not started, with keys of its own in {@code folder}. */
  public SshServer(Path folder) throws Exception {
    this.folder = folder;
    key("host_key");
    key("user_key");
    Files.copy(folder.resolve("user_key.pub"), folder.resolve("authorized_keys"));
    Files.writeString(folder.resolve("says"), "");
    Files.writeString(
        folder.resolve("sshd_config"),
        """
        AddressFamily inet
        ListenAddress 127.0.0.1:%d
        HostKey %2$s/host_key
        AuthorizedKeysFile %2$s/authorized_keys
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin yes
        AllowTcpForwarding yes
        GatewayPorts no
        ForceCommand cat %2$s/says; exec cat >/dev/null
        """
            .formatted(port, folder));
    Files.writeString(
        sshConfig(),
        """
        IdentityFile %1$s/user_key
        IdentitiesOnly yes
        UserKnownHostsFile %1$s/known_hosts
        """
            .formatted(folder));
  }

  private void key(String name) throws Exception {
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(name).toString());
  }

  private void run(String... command) throws Exception {
    Process run =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keygen-log").toFile())
            .start();
    if (run.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("keygen-log")));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** What each session says from now on. */
  public void says(String text) throws IOException {
    Files.writeString(folder.resolve("says"), text + "\n", CREATE, TRUNCATE_EXISTING);
  }

  /** Starts it; returns when it listens. */
  public void start() throws Exception {
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd")); // it insists
    }
    Path log = folder.resolve("sshd-log");
    Process started =
        new ProcessBuilder(SSHD, "-D", "-e", "-f", folder.resolve("sshd_config").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process = started;
    for (int i = 0; i < 200 && started.isAlive(); i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getInputStream().read();
        return;
      } catch (IOException notYet) {
        new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
      }
    }
    throw new IOException("sshd did not start: " + Files.readString(log));
  }

  /** Whom ssh connects to, as {@code tunnel} says it. */
  public String destination() {
    return System.getProperty("user.name") + "@127.0.0.1:" + port;
  }

  /** A port for the far end of the tunnel. */
  public int remotePort() {
    return remotePort;
  }

  /** The client's configuration. */
  public Path sshConfig() {
    return folder.resolve("config");
  }

  /** Stops it, and the sessions that it serves, as {@code kill -9} does. */
  public void kill() throws Exception {
    if (process == null) {
      return;
    }
    List<ProcessHandle> sessions = process.descendants().toList();
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    sessions.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle session : sessions) {
      session.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() throws Exception {
    kill();
  }
}
