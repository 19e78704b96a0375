package io.asyncproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How ssh is called for which settings. */
class SshCommandTest {
  @TempDir private Path folder;

  private static String command(String tunnel, int remotePort, String host) {
    TunnelSettings settings = TunnelSettings.of(tunnel, remotePort, Optional.empty()).orElseThrow();
    return String.join(" ", SshCommand.ofSystem(settings).forwarding(host, 4567));
  }

  @Test
  void withoutMoreItIsTheFreeService() {
    assertThat(command("on", 80, "0.0.0.0"))
        .startsWith("ssh -T -o BatchMode=yes ")
        .endsWith(" -R 80:127.0.0.1:4567 -- nokey@localhost.run")
        .contains(" -o ExitOnForwardFailure=yes ", " -o ControlPath=none ")
        .contains(" -o StrictHostKeyChecking=accept-new ", " -o ServerAliveInterval=15 ")
        .contains(" -o ForwardAgent=no ", " -o ForwardX11=no ")
        .doesNotContain(" -N", " -p ", " -F ");
    assertThat(command("true", 80, "0.0.0.0")).isEqualTo(command("on", 80, "0.0.0.0"));
    assertThat(TunnelSettings.of("off", 80, Optional.empty())).isEmpty();
    assertThat(TunnelSettings.of("false", 80, Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "me@vps,               -R 0:127.0.0.1:4567 -- me@vps",
    "me@vps.example.org:7, -p 7 -R 0:127.0.0.1:4567 -- me@vps.example.org",
    "me@[::1]:22,          -p 22 -R 0:127.0.0.1:4567 -- me@::1",
    "me@[::1],             -R 0:127.0.0.1:4567 -- me@::1",
  })
  void destinationMayHaveAPort(String tunnel, String end) {
    assertThat(command(tunnel, 0, "127.0.0.1")).endsWith(end);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0,      127.0.0.1",
    "::,           [::1]",
    "192.168.1.5,  192.168.1.5",
    "fe80::1,      [fe80::1]",
    "localhost,    localhost",
  })
  void listenerIsReachedByAnAddressThatItHas(String host, String reached) {
    assertThat(command("on", 80, host)).contains(" -R 80:" + reached + ":4567 ");
  }

  @Test
  void configurationIsHandedOver() throws Exception {
    String file = Files.createFile(folder.resolve("config")).toString();
    TunnelSettings settings = TunnelSettings.of("on", 80, Optional.of(file)).orElseThrow();
    assertThat(SshCommand.ofSystem(settings).forwarding("::", 1)).containsSequence("-F", file);
  }

  @Test
  void whatCanNeverWorkIsAMistake() {
    assertThatThrownBy(() -> TunnelSettings.of("on", 80, Optional.of("/nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tunnel.ssh-config = /nowhere: must be a readable file");
    for (String port : new String[] {"0", "65536"}) {
      assertThatThrownBy(() -> Destination.parse("me@vps:" + port))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 1 to 65535");
    }
  }

  @Test
  void missingProgramIsSaidWithWhatToInstall() throws Exception {
    TunnelSettings settings = TunnelSettings.of("on", 80, Optional.empty()).orElseThrow();
    SshCommand.ofSystem(settings).requireInstalled();
    assertThatThrownBy(() -> new SshCommand("no-such-ssh", settings).requireInstalled())
        .isInstanceOf(SshMissingException.class)
        .hasMessageContaining("no-such-ssh")
        .hasMessageContaining("apt-get install openssh-client");
  }
}
