package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.ScriptedJobServer.Start;
import io.asyncproxy.TestAuthority.Issued;
import io.asyncproxy.TlsClient.Seen;
import io.asyncproxy.tls.Renewal;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The public listener with a certificate. */
class TlsListenerTest {
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";
  private static final String HERE = "DNS:localhost,IP:127.0.0.1";

  /** More than there are event loops, to which connections go in turn. */
  private static final int CONNECTIONS = 32;

  @TempDir private Path folder;
  private TestAuthority authority;
  private Issued used;
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority(folder, "authority");
    used = authority.issue("proxy", HERE);
    jobServer = new ScriptedJobServer();
    proxy = listening();
  }

  private RunningProxy listening(String... more) throws Exception {
    String[] settings = {
      "tls.certificate",
      used.certificate().toString(),
      "tls.key",
      used.key().toString(),
      "hold.timeout",
      "60s"
    };
    String[] all = java.util.Arrays.copyOf(settings, settings.length + more.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return RunningProxy.before(jobServer, all);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void jobRunsOverTls(HttpClient.Version version) throws Exception {
    try (TlsClient client =
        new TlsClient(proxy.port(), authority.context(Optional.empty()), version)) {
      var held = client.post("/proxy", JOB);
      Start start = jobServer.nextStart();
      assertThat(start.callback()).startsWith("https://localhost:" + proxy.port() + "/proxy/");
      assertThat(client.post(start.callback(), RESULT).get(20, TimeUnit.SECONDS).statusCode())
          .isEqualTo(200);

      HttpResponse<String> answer = held.get(20, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(RESULT);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void healthIsOnTheSameListener() throws Exception {
    try (TlsClient client = TlsClient.trusting(authority, proxy.port())) {
      assertThat(client.get("/health").statusCode()).isEqualTo(200);
      assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void onlyTls12And13AreSpoken() throws Exception {
    String at = "localhost:" + proxy.port();

    assertThat(handshake(at, "-tls1_3")).contains("Verify return code: 0 (ok)").endsWith("exit 0");
    assertThat(handshake(at, "-tls1_2")).contains("Verify return code: 0 (ok)").endsWith("exit 0");
    assertThat(handshake(at, "-tls1_1")).contains("alert protocol version").endsWith("exit 1");
  }

  /** Whether the client names HTTP/1.1 in its handshake or nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", ""})
  void requestsOverTlsAreReadAsStrictly(String protocol) throws Exception {
    String get = "GET /health HTTP/1.1\r\nHost: h\r\n";
    String[] protocols = protocol.isEmpty() ? new String[0] : new String[] {protocol};
    SSLContext context = authority.context(Optional.empty());
    for (int i = 0; i < CONNECTIONS; i++) {
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket("localhost", proxy.port())) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write((get + "X: a\r\n b\r\n\r\n" + get + "\r\n").getBytes(UTF_8));
        String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).startsWith("HTTP/1.0 400 ").containsOnlyOnce("HTTP/1.");
      }
    }
  }

  private String handshake(String at, String version) throws Exception {
    return TestAuthority.openssl(
        "s_client",
        version,
        "-cipher",
        "DEFAULT@SECLEVEL=0",
        "-CAfile",
        authority.certificate().toString(),
        "-connect",
        at);
  }

  @Test
  void renewedCertificateIsShownToNewConnectionsAndHeldRequestsStay() throws Exception {
    Issued next = authority.issue("renewed", HERE);
    try (TlsClient client = TlsClient.trusting(authority, proxy.port())) {
      var held = client.post("/proxy", JOB);
      Start start = jobServer.nextStart();

      next.replace(used);
      Eventually.that(() -> assertThat(look()).isEqualTo(h2With(next)));
      for (int i = 0; i < CONNECTIONS; i++) {
        assertThat(look()).isEqualTo(h2With(next));
      }

      assertThat(held).isNotDone();
      assertThat(client.post(start.callback(), RESULT).get(20, TimeUnit.SECONDS).statusCode())
          .isEqualTo(200);
      assertThat(held.get(20, TimeUnit.SECONDS).body()).isEqualTo(RESULT);
    }
  }

  @Test
  void certificateThatIsHalfWrittenIsNotUsedUntilItIsWhole() throws Exception {
    Issued before = authority.issue("before", HERE);
    before.replace(used);
    Issued next = authority.issue("renewed", HERE);
    try (LogLines log = new LogLines(Renewal.class)) {
      Eventually.that(() -> assertThat(look()).isEqualTo(h2With(before)));
      String whole = Files.readString(next.certificate());
      Files.writeString(used.certificate(), whole.substring(0, whole.length() / 2));
      Eventually.that(
          () ->
              assertThat(log.all())
                  .anyMatch(
                      line ->
                          line.startsWith("WARN The renewed certificate can't be used: ")
                              && line.contains("tls.certificate = " + used.certificate())));
      assertThat(look()).isEqualTo(h2With(before));

      Files.writeString(used.certificate(), whole);
      Eventually.that(
          () ->
              assertThat(log.all())
                  .anyMatch(line -> line.contains("it is not the key of the certificate")));
      assertThat(look()).isEqualTo(h2With(before));

      next.replace(used);
      Eventually.that(() -> assertThat(look()).isEqualTo(h2With(next)));
      Eventually.that(
          () ->
              assertThat(log.all()).anyMatch(line -> line.startsWith("INFO New connections get")));
    }
  }

  @Test
  void fileThatIsGoneIsLookedForAgain() throws Exception {
    Issued next = authority.issue("renewed", HERE);
    Seen before = look();
    try (LogLines log = new LogLines(Renewal.class)) {
      Files.delete(used.key());
      Eventually.that(
          () -> assertThat(log.all()).anyMatch(line -> line.contains("there is no such file")));
      assertThat(look()).isEqualTo(before);

      next.replace(used);
      Eventually.that(() -> assertThat(look()).isEqualTo(h2With(next)));
    }
  }

  private Seen look() throws Exception {
    return TlsClient.look(authority.context(Optional.empty()), proxy.port());
  }

  private static Seen h2With(Issued issued) throws Exception {
    try (var in = Files.newInputStream(issued.certificate())) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return new Seen(certificate.getSerialNumber(), "h2");
    }
  }

  @Test
  void clientsNeedACertificateOfTheAuthorityWhereOneIsNamed() throws Exception {
    proxy.close();
    TestAuthority clients = new TestAuthority(folder, "clients");
    proxy = listening("tls.client-ca", clients.certificate().toString());
    Issued right = clients.issue("client", "DNS:client");
    Issued wrong = authority.issue("stranger", "DNS:client");

    try (TlsClient client = TlsClient.as(right, authority, proxy.port())) {
      var held = client.post("/proxy", JOB);
      Start start = jobServer.nextStart();
      try (TlsClient nobody = TlsClient.trusting(authority, proxy.port());
          TlsClient stranger = TlsClient.as(wrong, authority, proxy.port())) {
        assertThatThrownBy(() -> nobody.get("/health")).isNotNull();
        assertThatThrownBy(() -> stranger.get("/health")).isNotNull();
        assertThatThrownBy(() -> nobody.post(start.callback(), RESULT).get(20, TimeUnit.SECONDS))
            .isNotNull();
      }
      assertThat(held).isNotDone();
      client.post(start.callback(), RESULT).get(20, TimeUnit.SECONDS);
      assertThat(held.get(20, TimeUnit.SECONDS).body()).isEqualTo(RESULT);
    }
  }

  @Test
  void renewedAuthorityOfClientsIsTaken() throws Exception {
    proxy.close();
    TestAuthority clients = new TestAuthority(folder, "clients");
    Path trusted = Files.copy(clients.certificate(), folder.resolve("trusted.pem"));
    proxy = listening("tls.client-ca", trusted.toString());
    TestAuthority others = new TestAuthority(folder, "others");
    Issued of = others.issue("client", "DNS:client");
    assertThatThrownBy(() -> healthAs(of)).isNotNull();

    Files.writeString(
        trusted, Files.readString(clients.certificate()) + Files.readString(others.certificate()));
    Eventually.that(() -> assertThat(healthAs(of)).isEqualTo(200));
    assertThat(healthAs(clients.issue("client", "DNS:client"))).isEqualTo(200);
  }

  private int healthAs(Issued identity) throws Exception {
    try (TlsClient client = TlsClient.as(identity, authority, proxy.port())) {
      return client.get("/health").statusCode();
    } catch (java.util.concurrent.ExecutionException refused) {
      throw new AssertionError(refused);
    }
  }
}
