package io.asyncproxy;

import io.asyncproxy.TestAuthority.Issued;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client by HTTPS of a proxy on this machine. */
final class TlsClient implements AutoCloseable {
  private final HttpClient client;
  private final String base;

  TlsClient(int port, SSLContext context, HttpClient.Version version) {
    this.base = "https://localhost:" + port;
    this.client = HttpClient.newBuilder().version(version).sslContext(context).build();
  }

  static TlsClient trusting(TestAuthority authority, int port) throws Exception {
    return new TlsClient(port, authority.context(Optional.empty()), HttpClient.Version.HTTP_2);
  }

  static TlsClient as(Issued identity, TestAuthority authority, int port) throws Exception {
    return new TlsClient(port, authority.context(Optional.of(identity)), HttpClient.Version.HTTP_2);
  }

  CompletableFuture<HttpResponse<String>> post(String url, String body) {
    return client.sendAsync(
        request(url).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return client
        .sendAsync(request(path).GET().build(), BodyHandlers.ofString())
        .get(20, TimeUnit.SECONDS);
  }

  private HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url.startsWith("https:") ? url : base + url))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json");
  }

  /** What a new connection sees. */
  record Seen(BigInteger serial, String protocol) {}

  /** Makes a new connection that wants HTTP/2, and looks. */
  static Seen look(SSLContext context, int port) throws Exception {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return new Seen(shown.getSerialNumber(), socket.getApplicationProtocol());
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
