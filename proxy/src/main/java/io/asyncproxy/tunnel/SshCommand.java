package io.asyncproxy.tunnel;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/**
 * How ssh is called (ssh(1), ssh_config(5)).
 *
 * @param program its name, or its path
 * @param settings which tunnel it opens
 */
public record SshCommand(String program, TunnelSettings settings) {

  /**
   * What must be so whatever the user's own configuration says. It never asks anybody; it ends when
   * the port can't be had, or 45 s after the server was last heard of; it shares no connection that
   * outlives it; and nothing of the user's but the one port is handed to the server.
   */
  private static final List<String> ALWAYS =
      List.of(
          "BatchMode=yes",
          "StrictHostKeyChecking=accept-new",
          "ExitOnForwardFailure=yes",
          "ConnectTimeout=10",
          "ServerAliveInterval=15",
          "ServerAliveCountMax=3",
          "ControlPath=none",
          "ForwardAgent=no",
          "ForwardX11=no",
          "LogLevel=INFO");

  /** The system's ssh. */
  public static SshCommand ofSystem(TunnelSettings settings) {
    return new SshCommand("ssh", settings);
  }

  /**
   * The command that leads to {@code port} of {@code host}. Without {@code -N}: tunnel services
   * name their URL in the session, and only there.
   */
  List<String> forwarding(String host, int port) {
    List<String> command = new ArrayList<>(List.of(program, "-T"));
    settings.sshConfig().ifPresent(file -> command.addAll(List.of("-F", file.toString())));
    ALWAYS.forEach(option -> command.addAll(List.of("-o", option)));
    Destination to = settings.to();
    to.port().ifPresent(there -> command.addAll(List.of("-p", there.toString())));
    command.addAll(
        List.of("-R", "%d:%s:%d".formatted(settings.remotePort(), reachable(host), port)));
    command.addAll(List.of("--", to.user() + '@' + to.host()));
    return command;
  }

  /** An address that leads to a listener on {@code host}, which may be all addresses. */
  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "[::]" -> "[::1]";
      default -> Destination.inBrackets(host);
    };
  }

  /** Fails where there is no such program. Blocks for a moment. */
  public void requireInstalled() throws SshMissingException {
    try {
      new ProcessBuilder(program, "-V")
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException missing) {
      throw new SshMissingException(program, missing);
    }
  }
}
