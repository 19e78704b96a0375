package io.asyncproxy.tunnel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which tunnel is opened.
 *
 * @param to whom ssh connects to
 * @param remotePort the port that is asked for there; 0: any that is free
 * @param sshConfig ssh's configuration file; empty: the user's and the system's
 */
public record TunnelSettings(Destination to, int remotePort, Optional<Path> sshConfig) {
  /** A service that is free and wants neither an account nor a key. */
  private static final String DEFAULT = "nokey@localhost.run";

  /** Checks that the file is there: ssh would be tried in vain again and again. */
  public TunnelSettings {
    if (sshConfig.isPresent() && !Files.isReadable(sshConfig.get())) {
      throw new IllegalArgumentException(
          "tunnel.ssh-config = %s: must be a readable file".formatted(sshConfig.get()));
    }
  }

  /**
   * The tunnel that {@code wanted} names: {@code off}, {@code on}, or a destination.
   *
   * @throws IllegalArgumentException where there can be none
   */
  public static Optional<TunnelSettings> of(
      String wanted, int remotePort, Optional<String> sshConfig) {
    return switch (wanted) {
      case "off", "false" -> Optional.empty();
      case "on", "true" -> to(DEFAULT, remotePort, sshConfig);
      default -> to(wanted, remotePort, sshConfig);
    };
  }

  private static Optional<TunnelSettings> to(
      String destination, int remotePort, Optional<String> sshConfig) {
    return Optional.of(
        new TunnelSettings(Destination.parse(destination), remotePort, sshConfig.map(Path::of)));
  }
}
