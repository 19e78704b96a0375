package io.asyncproxy.tunnel;

/** There is no program {@code ssh} on this machine. */
public final class SshMissingException extends Exception {
  private static final long serialVersionUID = 1;

  SshMissingException(String program, Throwable cause) {
    super(
        "tunnel needs the program %s, which is not on the PATH: install OpenSSH's client"
                .formatted(program)
            + " (Debian, Ubuntu: apt-get install openssh-client; Fedora: dnf install openssh-clients)",
        cause);
  }
}
