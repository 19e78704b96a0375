package io.asyncproxy;

import static io.asyncproxy.settings.Settings.JOB_SERVER_CA;
import static io.asyncproxy.settings.Settings.JOB_SERVER_CERTIFICATE;
import static io.asyncproxy.settings.Settings.JOB_SERVER_KEY;
import static io.asyncproxy.settings.Settings.JOB_SERVER_STATUS_URL;
import static io.asyncproxy.settings.Settings.JOB_SERVER_URL;
import static io.asyncproxy.settings.Settings.TLS_CERTIFICATE;
import static io.asyncproxy.settings.Settings.TLS_CLIENT_CA;
import static io.asyncproxy.settings.Settings.TLS_KEY;

import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Values;
import io.asyncproxy.tls.Authorities;
import io.asyncproxy.tls.Identity;
import io.asyncproxy.tls.ListenerTls;
import io.asyncproxy.tls.Pem;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings that name certificates and keys. Reads the files; every mistake in them, or in how
 * they go together, is an {@link IllegalArgumentException} that names the setting.
 */
final class TlsSettings {
  private TlsSettings() {}

  private record Pair(Pem certificate, Pem key) {}

  static Optional<ListenerTls> listener(Values values) {
    Optional<ListenerTls> tls =
        pair(values, TLS_CERTIFICATE, TLS_KEY)
            .map(
                pair ->
                    new ListenerTls(pair.certificate(), pair.key(), pem(values, TLS_CLIENT_CA)));
    if (tls.isEmpty() && values.find(TLS_CLIENT_CA).isPresent()) {
      throw new IllegalArgumentException("tls.client-ca needs tls.certificate and tls.key");
    }
    tls.ifPresent(ListenerTls::options); // which says what is wrong with the files
    return tls;
  }

  static Optional<Authorities> jobServerAuthorities(Values values) {
    return pem(values, JOB_SERVER_CA)
        .map(
            file -> {
              requireHttps(values, JOB_SERVER_CA);
              return Authorities.of(file);
            });
  }

  static Optional<Identity> jobServerIdentity(Values values) {
    return pair(values, JOB_SERVER_CERTIFICATE, JOB_SERVER_KEY)
        .map(
            pair -> {
              requireHttps(values, JOB_SERVER_CERTIFICATE);
              return Identity.of(pair.certificate(), pair.key());
            });
  }

  /** Who sets {@code setting} believes that the connection is protected. */
  private static void requireHttps(Values values, Setting<?> setting) {
    boolean https =
        "https".equals(values.get(JOB_SERVER_URL).getScheme())
            || values
                .find(JOB_SERVER_STATUS_URL)
                .filter(url -> url.startsWith("https:"))
                .isPresent();
    if (!https) {
      throw new IllegalArgumentException(
          setting.key() + " is set, but job-server.url is not an https URL");
    }
  }

  private static Optional<Pair> pair(
      Values values, Setting<String> certificate, Setting<String> key) {
    requireTogether(values, certificate, key);
    requireTogether(values, key, certificate);
    return pem(values, certificate)
        .flatMap(found -> pem(values, key).map(secret -> new Pair(found, secret)));
  }

  private static void requireTogether(Values values, Setting<String> one, Setting<String> other) {
    if (values.find(one).isPresent() && values.find(other).isEmpty()) {
      throw new IllegalArgumentException(
          "%s is set, but %s is not: both are needed".formatted(one.key(), other.key()));
    }
  }

  private static Optional<Pem> pem(Values values, Setting<String> setting) {
    return values.find(setting).map(path -> Pem.read(setting.key(), Path.of(path)));
  }
}
