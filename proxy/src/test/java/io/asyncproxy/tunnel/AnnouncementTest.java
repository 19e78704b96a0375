package io.asyncproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.tunnel.Announcement.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What services and servers print, and which line of it names the tunnel. */
class AnnouncementTest {
  private static final Destination SERVER = Destination.parse("me@vps.example.org:22");

  private static List<String> found(String output) {
    return output
        .lines()
        .map(line -> Announcement.in(line, SERVER))
        .flatMap(Optional::stream)
        .map(found -> found.kind() + " " + found.url())
        .toList();
  }

  @Test
  void localhostRunNamesOneAmongManyLinks() {
    assertThat(
            found(
                """
                Warning: Permanently added 'localhost.run' (RSA) to the list of known hosts.

                ===============================================================================
                Welcome to localhost.run!

                Follow your favourite reverse tunnel at [https://twitter.com/localhost_run].

                To set up and manage custom domains go to https://admin.localhost.run/

                More details on custom domains (and how to enable subdomains of your custom
                domain) at https://localhost.run/docs/custom-domains

                If you get a permission denied error check the faq for how to connect with a key or
                create a free tunnel without a key at http://localhost:3000/docs/faq#generating-an-ssh-key.

                To explore using localhost.run visit the documentation site:
                https://localhost.run/docs/

                ===============================================================================

                ** your connection id is 8a1f5e7c-0b1d-4b5e, please mention it if you send me a message about an issue. **

                authenticated as anonymous user
                8beaa541ba3dc2.lhr.life tunneled with tls termination, https://8beaa541ba3dc2.lhr.life
                create an account and add your key for a longer lasting domain name. see https://localhost.run/docs/forever-free/ for more information.
                Open your tunnel address on your mobile with this QR:
                """))
        .containsExactly("HTTPS https://8beaa541ba3dc2.lhr.life");
  }

  @Test
  void serveoColoursItsLine() {
    assertThat(
            found(
                """
                To request a particular subdomain, you first need to register your SSH key.\r
                To register, visit https://serveo.net/verify/google?fp=SHA256%3Aabc\r
                \033[32mForwarding HTTP traffic from https://relego.serveo.net\033[0m\r
                Press g to start a GUI session and ctrl-c to quit.\r
                """))
        .containsExactly("HTTPS https://relego.serveo.net");
  }

  @Test
  void pinggyNamesBothAndItsDashboardIsNeither() {
    assertThat(
            found(
                """
                Allocated port 7 for remote forward to localhost:4567
                You are not authenticated.
                Your tunnel will expire in 60 minutes. Upgrade to Pinggy Pro to get unrestricted tunnels. https://dashboard.pinggy.io

                http://rnabc-203-0-113-7.a.free.pinggy.link
                https://rnabc-203-0-113-7.a.free.pinggy.link
                """))
        .containsExactly(
            "PORT http://vps.example.org:7",
            "HTTP http://rnabc-203-0-113-7.a.free.pinggy.link",
            "HTTPS https://rnabc-203-0-113-7.a.free.pinggy.link");
  }

  @Test
  void othersNameItBehindALabel() {
    assertThat(
            found(
                """
                Starting SSH Forwarding service for http:80. Forwarded connections can be accessed via:
                HTTP: http://abc.tuns.sh
                HTTPS: https://abc.tuns.sh
                1: https://qp556ma755ktlag5b2xyt334ae.srv.us/
                """))
        .containsExactly(
            "HTTP http://abc.tuns.sh",
            "HTTPS https://abc.tuns.sh",
            "HTTPS https://qp556ma755ktlag5b2xyt334ae.srv.us");
  }

  @Test
  void opensshNamesAPortOfItsServer() {
    assertThat(found("Allocated port 41234 for remote forward to localhost:4567"))
        .containsExactly("PORT http://vps.example.org:41234");
    assertThat(
            Announcement.in(
                "Allocated port 5 for remote forward to [::1]:1", Destination.parse("a@[::1]")))
        .map(found -> found.url().toString())
        .contains("http://[::1]:5");
  }

  @Test
  void lineThatIsNothingButAUrlIsOneOfAScriptOfOnesOwn() {
    assertThat(found("  http://127.0.0.1:8080/  ")).containsExactly("HTTP http://127.0.0.1:8080");
  }

  /** The day's message of a server, and the log of requests that strangers make. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        " * Documentation:  https://help.ubuntu.com",
        "https://ubuntu.com/engage/secure-kubernetes-at-the-edge",
        "GET /?x=abc tunneled with tls termination, https://evil.example",
        "200 GET /Forwarding HTTP traffic from https://evil.example",
        "Forwarding HTTP traffic from https://evil.example/path",
        "Forwarding HTTP traffic from https://good.example https://evil.example",
        "Forwarding HTTP traffic from https://good.example@evil.example",
        "Forwarding HTTP traffic from https://",
        "Forwarding HTTP traffic from https://-.-",
        "Forwarding HTTP traffic from https://a.example:99999",
        "Forwarding HTTP traffic from ftp://a.example",
        "Allocated port x for remote forward to localhost:1",
        "Allocated port 99999 for remote forward to localhost:1",
        "",
      })
  void whatOnlyHoldsAUrlIsNone(String line) {
    assertThat(Announcement.in(line, SERVER)).isEmpty();
  }

  @Test
  void kindsAreInTheOrderOfTrust() {
    assertThat(Kind.values()).containsExactly(Kind.PORT, Kind.HTTP, Kind.HTTPS);
  }
}
