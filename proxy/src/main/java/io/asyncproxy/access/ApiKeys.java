package io.asyncproxy.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.http.Bearer;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.Callers;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.RateLimiter;
import io.asyncproxy.http.Request;
import io.asyncproxy.job.Digest;
import io.asyncproxy.settings.ApiKey;
import io.asyncproxy.settings.ApiKeysFile;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of a file, which is read again when it changes: {@code Authorization: Bearer KEY}
 * (RFC 6750). Only hashes are known here, and what is looked up is a hash, so that how long that
 * takes says nothing about a key. Thread-safe.
 */
public final class ApiKeys implements Callers {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

  private record Known(ApiKey key, Caller caller) {}

  private final Path path;
  private volatile Map<String, Known> byHash = Map.of();
  private Optional<String> read;

  /**
   * The keys in {@code path}. Blocks.
   *
   * @throws InvalidSettingsException where the file is not what it should be
   */
  public ApiKeys(Path path) throws InvalidSettingsException {
    this.path = path;
    this.read = contents();
    take(ApiKeysFile.read(path));
  }

  /** Compared with what it was before; empty where it can't be read, which its reader explains. */
  private Optional<String> contents() {
    try {
      return Optional.of(Files.readString(path));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Who has the same key as before keeps what it has used of its rate. */
  private void take(List<ApiKey> keys) {
    Map<String, Known> next = new HashMap<>();
    for (ApiKey key : keys) {
      Known known = byHash.get(key.sha256());
      next.put(
          key.sha256(),
          known != null && known.key().equals(key) ? known : new Known(key, caller(key)));
    }
    byHash = Map.copyOf(next);
  }

  private static Caller caller(ApiKey key) {
    Rate rate = key.rate();
    return new Caller(
        key.name(),
        key.accounts(),
        rate.isOn()
            ? Optional.of(new RateLimiter("key", rate.requests(), rate.per(), System::nanoTime))
            : Optional.empty());
  }

  /** Reads the file again if it has changed; one with mistakes changes nothing. Blocks. */
  public synchronized void reloadIfChanged() {
    Optional<String> now = contents();
    if (now.equals(read)) {
      return;
    }
    read = now;
    try {
      take(ApiKeysFile.read(path));
      LOG.info("API keys: {} read from {}", byHash.size(), path);
    } catch (InvalidSettingsException invalid) {
      LOG.warn(
          "API keys: {}; the keys that were read before stay good until the file is mended",
          invalid.getMessage());
    }
  }

  @Override
  public Caller of(Request request) {
    String key =
        Bearer.token(request)
            .orElseThrow(() -> refused("API key required: send Authorization: Bearer ...", ""));
    Known known = byHash.get(Digest.of(key.getBytes(UTF_8)).hex());
    if (known == null) {
      throw refused("Unknown API key", ", error=\"invalid_token\"");
    }
    return known.caller();
  }

  private static RuntimeException refused(String error, String detail) {
    return Problem.of(401, error)
        .header("WWW-Authenticate", "Bearer realm=\"async-proxy\"" + detail)
        .exception();
  }
}
