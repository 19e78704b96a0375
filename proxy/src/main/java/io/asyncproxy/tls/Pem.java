package io.asyncproxy.tls;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a file held when it was read. Never shows its content, which may be a private key.
 *
 * @param setting the setting that names the file
 */
public record Pem(String setting, Path path, Buffer content) {
  /** Longer than any bundle of authorities; so that a wrong path doesn't fill the memory. */
  private static final int LONGEST_BYTES = 4 << 20;

  /**
   * Reads a file; blocks.
   *
   * @throws InvalidPemException if it can't be read
   */
  public static Pem read(String setting, Path path) {
    Pem empty = new Pem(setting, path, Buffer.buffer());
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LONGEST_BYTES + 1);
      if (bytes.length > LONGEST_BYTES) {
        throw empty.mistake("it is longer than %d MiB".formatted(LONGEST_BYTES >> 20));
      }
      return new Pem(setting, path, Buffer.buffer(bytes));
    } catch (NoSuchFileException absent) {
      throw empty.mistake("there is no such file");
    } catch (AccessDeniedException denied) {
      throw empty.mistake("it may not be read by this user");
    } catch (IOException unreadable) {
      throw empty.mistake("it can't be read: " + unreadable.getMessage());
    }
  }

  /** The same file, read again; blocks. */
  Pem again() {
    return read(setting, path);
  }

  /** Its certificates, at least one. */
  List<X509Certificate> certificates() {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content.getBytes()))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw mistake("there is no certificate in it");
      }
      return all;
    } catch (CertificateException malformed) {
      throw mistake("it holds no certificate that can be read");
    }
  }

  /** What is wrong with it. */
  InvalidPemException mistake(String reason) {
    return new InvalidPemException("%s = %s: %s".formatted(setting, path, reason));
  }

  @Override
  public String toString() {
    return setting + " = " + path;
  }
}
