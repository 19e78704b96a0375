package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.ScriptedJobServer.Start;
import io.asyncproxy.TestAuthority.Issued;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job server that is reached by TLS. */
@SuppressWarnings("NullAway.Init") // each test starts what it needs
class JobServerTlsTest {
  private static final String JOB = "{\"account\":\"a\"}";
  private static final String RESULT = "{\"id\":\"1\",\"state\":\"completed\"}";
  private static final int ATTEMPTS = 3;

  @TempDir private Path folder;
  private TestAuthority authority;
  private ScriptedJobServer jobServer;
  private RunningProxy proxy;

  @BeforeEach
  void makeAuthority() throws Exception {
    authority = new TestAuthority(folder, "authority");
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    jobServer.close();
  }

  private HttpServerOptions certified(String hosts) throws Exception {
    Issued issued = authority.issue("job-server", hosts);
    return new HttpServerOptions().setSsl(true).setKeyCertOptions(issued.options());
  }

  private HttpServerOptions wantingCertificates(String version) throws Exception {
    HttpServerOptions options = certified("DNS:localhost");
    options.setEnabledSecureTransportProtocols(Set.of(version));
    return options
        .setClientAuth(ClientAuth.REQUIRED)
        .setTrustOptions(new PemTrustOptions().addCertPath(authority.certificate().toString()));
  }

  private void start(HttpServerOptions options, Map<String, Path> files) throws Exception {
    jobServer = new ScriptedJobServer(options);
    Map<String, String> settings = new HashMap<>();
    files.forEach((key, path) -> settings.put(key, path.toString()));
    settings.put("job-server.url", "https://localhost:" + jobServer.port() + "/start");
    settings.put("job-server.attempts", Integer.toString(ATTEMPTS));
    settings.put("job-server.backoff", "1ms");
    settings.put("job-server.max-backoff", "5ms");
    proxy = new RunningProxy(settings);
  }

  private void assertJobRuns() throws Exception {
    var held = proxy.proxy(JOB);
    Start start = jobServer.nextStart();
    proxy.callBack(start.callback(), RESULT);
    assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  /** All attempts were made, since none of them can have started the job; and why is told. */
  private void assertUnreachable(String why) throws Exception {
    HttpResponse<byte[]> answer = proxy.proxy(JOB).get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(json(answer).getString("reason")).isEqualTo("unreachable");

    assertThat(json(answer).getString("detail")).containsIgnoringCase(why);
    JsonObject job = json(proxy.get("/proxy/jobs/" + header(answer, "Job-Id")));
    assertThat(job.getInteger("attempts")).isEqualTo(ATTEMPTS);
    assertThat(jobServer.unseenStarts()).isZero();
  }

  @Test
  void itsAuthorityIsTrustedWhereItIsNamed() throws Exception {
    start(certified("DNS:localhost"), Map.of("job-server.ca", authority.certificate()));
    assertJobRuns();
  }

  @Test
  void anAuthorityThatIsNotNamedIsNotTrusted() throws Exception {
    Path other = new TestAuthority(folder, "other").certificate();
    start(certified("DNS:localhost"), Map.of("job-server.ca", other));
    assertUnreachable("unable to find valid certification path");
  }

  @Test
  void theSystemsAuthoritiesCountWhereNoneIsNamed() throws Exception {
    start(certified("DNS:localhost"), Map.of());
    assertUnreachable("unable to find valid certification path");
  }

  @Test
  void certificateOfAnotherHostIsRefused() throws Exception {
    start(certified("DNS:jobs.example.org"), Map.of("job-server.ca", authority.certificate()));
    assertUnreachable("No subject alternative DNS name matching localhost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void certificateIsShownToTheJobServer(String version) throws Exception {
    Issued identity = authority.issue("proxy", "DNS:proxy");
    start(
        wantingCertificates(version),
        Map.of(
            "job-server.ca", authority.certificate(),
            "job-server.certificate", identity.certificate(),
            "job-server.key", identity.key()));
    assertJobRuns();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void missingCertificateIsSaidSo(String version) throws Exception {
    start(wantingCertificates(version), Map.of("job-server.ca", authority.certificate()));
    assertUnreachable("Received fatal alert");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void certificateThatTheJobServerDoesNotTrustIsSaidSo(String version) throws Exception {
    Issued stranger = new TestAuthority(folder, "other").issue("proxy", "DNS:proxy");
    start(
        wantingCertificates(version),
        Map.of(
            "job-server.ca", authority.certificate(),
            "job-server.certificate", stranger.certificate(),
            "job-server.key", stranger.key()));
    assertUnreachable("Received fatal alert");
  }

  @Test
  void jobServerWithoutTlsIsUnreachableByHttps() throws Exception {
    start(new HttpServerOptions(), Map.of("job-server.ca", authority.certificate()));
    assertUnreachable("not an SSL/TLS record");
  }
}
