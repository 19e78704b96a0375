package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncproxy.TestAuthority.Issued;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import io.asyncproxy.tls.ListenerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that name certificates and keys: what is wrong stops the start, and is said. */
class TlsSettingsTest {
  private static final String HTTPS = "https://jobs.example.org/start";

  @TempDir private Path folder;
  private TestAuthority authority;
  private Issued issued;

  @BeforeEach
  void issue() throws Exception {
    authority = new TestAuthority(folder, "authority");
    issued = authority.issue("proxy", "DNS:localhost");
  }

  private ProxySettings settings(Object... flags) throws InvalidSettingsException {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < flags.length; i += 2) {
      all.put((String) flags[i], flags[i + 1].toString());
    }
    return ProxySettings.from(Values.resolve(new SettingsInput(all, Map.of(), Optional.empty())));
  }

  private List<String> mistakes(Object... flags) {
    InvalidSettingsException invalid =
        catchThrowableOfType(InvalidSettingsException.class, () -> settings(flags));
    assertThat(invalid).isNotNull();
    return invalid.mistakes();
  }

  private Path file(String content) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "x", ".pem"), content);
  }

  @Test
  void callbacksComeByHttpsWhereThereIsACertificate() throws Exception {
    ProxySettings settings =
        settings("tls.certificate", issued.certificate(), "tls.key", issued.key());

    assertThat(settings.publicUrl(4567)).hasToString("https://localhost:4567/proxy");
    assertThat(settings().publicUrl(4567)).hasToString("http://localhost:4567/proxy");
  }

  @Test
  void keysMayBeRsaOrEcInTheirOldFormsToo() throws Exception {
    Issued rsa = authority.issueRsa("rsa", "DNS:localhost");
    for (Issued each : List.of(issued, rsa)) {
      Path old = folder.resolve("old.key");
      TestAuthority.openssl(
          "pkey", "-in", each.key().toString(), "-traditional", "-out", old.toString());
      assertThat(Files.readString(old)).containsAnyOf("BEGIN EC PRIVATE", "BEGIN RSA PRIVATE");

      for (Path key : List.of(each.key(), old)) {
        assertThat(settings("tls.certificate", each.certificate(), "tls.key", key).tls())
            .isPresent();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tls.certificate, tls.key",
    "tls.key, tls.certificate",
    "job-server.certificate, job-server.key",
    "job-server.key, job-server.certificate"
  })
  void oneWithoutTheOtherIsAMistake(String one, String other) {
    assertThat(mistakes(one, issued.key(), "job-server.url", HTTPS))
        .containsExactly("%s is set, but %s is not: both are needed".formatted(one, other));
  }

  @Test
  void authorityOfClientsNeedsACertificate() {
    assertThat(mistakes("tls.client-ca", authority.certificate()))
        .containsExactly("tls.client-ca needs tls.certificate and tls.key");
  }

  @Test
  void certificatesAreOfNoUseForAJobServerWithoutTls() throws Exception {
    assertThat(mistakes("job-server.ca", authority.certificate()))
        .containsExactly("job-server.ca is set, but job-server.url is not an https URL");
    assertThat(
            mistakes(
                "job-server.certificate", issued.certificate(), "job-server.key", issued.key()))
        .containsExactly("job-server.certificate is set, but job-server.url is not an https URL");
    assertThat(
            settings(
                    "job-server.ca",
                    authority.certificate(),
                    "job-server.status-url",
                    "https://jobs.example.org/{id}")
                .jobServer()
                .authorities())
        .isPresent();
  }

  @Test
  void fileThatIsAbsentIsNamed() {
    Path absent = folder.resolve("absent.pem");

    assertThat(mistakes("tls.certificate", issued.certificate(), "tls.key", absent))
        .containsExactly("tls.key = " + absent + ": there is no such file");
    assertThat(mistakes("job-server.ca", absent, "job-server.url", HTTPS))
        .containsExactly("job-server.ca = " + absent + ": there is no such file");
  }

  @Test
  void fileThatIsADirectoryIsNamed() {
    assertThat(mistakes("tls.certificate", folder, "tls.key", issued.key()))
        .singleElement()
        .asString()
        .startsWith("tls.certificate = " + folder + ": it can't be read: ");
  }

  @Test
  void fileWithoutACertificateIsNamed() throws Exception {
    for (String content : List.of("", "hello", "-----BEGIN CERTIFICATE-----\nhello\n")) {
      Path wrong = file(content);
      assertThat(mistakes("tls.certificate", wrong, "tls.key", issued.key()))
          .singleElement()
          .asString()
          .startsWith("tls.certificate = " + wrong + ": ")
          .contains("certificate");
      assertThat(mistakes("job-server.ca", wrong, "job-server.url", HTTPS))
          .singleElement()
          .asString()
          .startsWith("job-server.ca = " + wrong + ": ");
    }
  }

  @Test
  void fileWithoutAKeyIsNamedAndNotShown() throws Exception {
    String secret = "TUlJRXZRSUJBREFOQmdrcWhraUc5dzBCQVFFRkFB";
    for (String content :
        List.of(
            "",
            secret,
            "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n")) {
      Path wrong = file(content);
      assertThat(mistakes("tls.certificate", issued.certificate(), "tls.key", wrong))
          .singleElement()
          .asString()
          .startsWith("tls.key = " + wrong + ": its private key can't be used")
          .doesNotContain(secret);
    }
  }

  @Test
  void keyOfAnotherCertificateIsAMistake() throws Exception {
    for (Issued other :
        List.of(authority.issue("other", "DNS:a"), authority.issueRsa("rsa", "DNS:b"))) {
      assertThat(mistakes("tls.certificate", issued.certificate(), "tls.key", other.key()))
          .singleElement()
          .asString()
          .startsWith("tls.key = " + other.key())
          .containsAnyOf(
              "it is not the key of the certificate in " + issued.certificate(),
              "algorithm does not match");
    }
  }

  @Test
  void endlessFileIsNotReadToItsEnd() {
    assertThat(mistakes("tls.certificate", "/dev/zero", "tls.key", issued.key()))
        .containsExactly("tls.certificate = /dev/zero: it is longer than 4 MiB");
  }

  @Test
  void onlyTls12And13AreAllowed() throws Exception {
    ListenerTls tls =
        settings("tls.certificate", issued.certificate(), "tls.key", issued.key())
            .tls()
            .orElseThrow();

    assertThat(tls.options().getEnabledSecureTransportProtocols())
        .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
    assertThat(tls.toString()).doesNotContain("PRIVATE");
  }
}
