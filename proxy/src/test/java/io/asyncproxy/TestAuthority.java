package io.asyncproxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of a test, which issues real certificates by openssl. */
public final class TestAuthority {

  /** A certificate and its key. */
  public record Issued(Path certificate, Path key) {
    /** Writes them over {@code others}, each at once. */
    public void replace(Issued others) throws IOException {
      move(certificate, others.certificate);
      move(key, others.key);
    }

    private static void move(Path from, Path to) throws IOException {
      Path next = to.resolveSibling("next");
      Files.copy(from, next, StandardCopyOption.REPLACE_EXISTING);
      Files.move(next, to, StandardCopyOption.ATOMIC_MOVE);
    }

    PemKeyCertOptions options() {
      return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
    }

    private KeyManager[] keyManagers() throws Exception {
      return new PemKeyCertOptions()
          .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
          .setKeyValue(Buffer.buffer(Files.readAllBytes(key)))
          .getKeyManagerFactory(null)
          .getKeyManagers();
    }
  }

  private static final String[] EC_KEY = {
    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"
  };

  private final Path folder;
  private final Issued own;

  public TestAuthority(Path folder, String name) throws Exception {
    this.folder = Files.createDirectories(folder.resolve(name));
    this.own = files("ca");
    make(own, "/CN=" + name, EC_KEY, "-addext", "basicConstraints=critical,CA:TRUE");
  }

  private Issued files(String name) {
    return new Issued(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  /** A certificate for {@code hosts}, such as {@code DNS:localhost}. */
  public Issued issue(String name, String hosts) throws Exception {
    return issue(name, hosts, EC_KEY);
  }

  /** A certificate that is good for {@code days}. */
  Issued issueFor(int days, String name, String hosts) throws Exception {
    String[] kind = Arrays.copyOf(EC_KEY, EC_KEY.length + 2);
    kind[EC_KEY.length] = "-days";
    kind[EC_KEY.length + 1] = Integer.toString(days);
    return issue(name, hosts, kind);
  }

  public Issued issueRsa(String name, String hosts) throws Exception {
    return issue(name, hosts, new String[] {"-newkey", "rsa:2048", "-nodes"});
  }

  private Issued issue(String name, String hosts, String[] kind) throws Exception {
    Issued issued = files(name);
    make(
        issued,
        "/CN=" + name,
        kind,
        "-CA",
        own.certificate.toString(),
        "-CAkey",
        own.key.toString(),
        "-addext",
        "basicConstraints=CA:FALSE",
        "-addext",
        "subjectAltName=" + hosts);
    return issued;
  }

  private static void make(Issued files, String subject, String[] kind, String... more)
      throws Exception {
    String[] fixed = {
      "req",
      "-x509",
      "-subj",
      subject,
      "-days",
      "2",
      "-out",
      files.certificate.toString(),
      "-keyout",
      files.key.toString()
    };
    openssl(Stream.of(fixed, kind, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  /** Runs openssl; its output, and its exit code as the last line. */
  public static String openssl(String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    process.waitFor(20, TimeUnit.SECONDS);
    return output + "\nexit " + process.exitValue();
  }

  public Path certificate() {
    return own.certificate;
  }

  /** Trusts only this authority; shows {@code identity}. A new one knows no earlier session. */
  public SSLContext context(Optional<Issued> identity) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(own.certificate)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        identity.isPresent() ? identity.get().keyManagers() : null, trust.getTrustManagers(), null);
    return context;
  }
}
