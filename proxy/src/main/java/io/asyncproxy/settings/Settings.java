package io.asyncproxy.settings;

import static io.asyncproxy.settings.SettingType.duration;
import static io.asyncproxy.settings.SettingType.flag;
import static io.asyncproxy.settings.SettingType.httpBase;
import static io.asyncproxy.settings.SettingType.httpUrl;
import static io.asyncproxy.settings.SettingType.listOf;
import static io.asyncproxy.settings.SettingType.number;
import static io.asyncproxy.settings.SettingType.oneOf;
import static io.asyncproxy.settings.SettingType.percent;
import static io.asyncproxy.settings.SettingType.rate;
import static io.asyncproxy.settings.SettingType.size;
import static io.asyncproxy.settings.SettingType.text;

import io.asyncproxy.signature.WebhookKey;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Every setting there is, in the order in which people read them. */
public final class Settings {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  public static final Setting<Integer> PORT =
      add("port", number(0, 65_535), "4567", "public listener; 0 takes a free port");
  public static final Setting<String> HOST =
      add("host", text("an address or host name"), "0.0.0.0", "address of the public listener");
  public static final Setting<Integer> ADMIN_PORT =
      add("admin.port", number(0, 65_535), "4568", "admin listener; 0 takes a free one");
  public static final Setting<String> ADMIN_HOST =
      add(
          "admin.host",
          text("an address or host name"),
          "127.0.0.1",
          "address of the admin listener; other than loopback needs admin.token");
  public static final Setting<String> ADMIN_TOKEN =
      secret(
          "admin.token",
          text("printable ASCII without spaces", Pattern.compile("[!-~]+")),
          "what every admin request must carry: Authorization: Bearer ...");
  public static final Setting<URI> PUBLIC_URL =
      add(
          "public-url",
          httpBase(),
          null,
          "where the job server reaches this service; http://localhost:<port>/proxy where absent,"
              + " https with tls.certificate");
  public static final Setting<String> TUNNEL =
      add(
          "tunnel",
          text(
                  "off, on (nokey@localhost.run), user@host or user@host:port",
                  Pattern.compile(
                      "off|on|false|true|[A-Za-z0-9._+][A-Za-z0-9._+=-]*"
                          + "@([A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?"))
              .withBareFlag("on"),
          "off",
          "reach a machine that can't be reached from outside: ssh opens a reverse tunnel to this"
              + " server, and what URL it names is the public one; instead of public-url");
  public static final Setting<Integer> TUNNEL_REMOTE_PORT =
      add(
          "tunnel.remote-port",
          number(0, 65_535),
          "80",
          "the port that the tunnel's server is asked for; 0: any that is free, for an sshd of your"
              + " own");
  public static final Setting<String> TUNNEL_SSH_CONFIG =
      add(
          "tunnel.ssh-config",
          text("the path of a file as ssh_config(5) says"),
          null,
          "how ssh connects: its keys, jump hosts; ~/.ssh/config and the system's where absent");
  public static final Setting<String> TLS_CERTIFICATE =
      add(
          "tls.certificate",
          pem(),
          null,
          "certificate of the public listener, followed by its chain: HTTPS, HTTP/2 by ALPN; taken"
              + " anew when the file changes");
  public static final Setting<String> TLS_KEY =
      add("tls.key", pem(), null, "the certificate's private key, not encrypted");
  public static final Setting<String> TLS_CLIENT_CA =
      add(
          "tls.client-ca",
          pem(),
          null,
          "authorities: clients need a certificate that one of them signed, and so does the job"
              + " server for its callbacks");
  public static final Setting<URI> JOB_SERVER_URL =
      add("job-server.url", httpUrl(), "http://localhost:9000/start", "where jobs are started");
  public static final Setting<String> JOB_SERVER_CA =
      add(
          "job-server.ca",
          pem(),
          null,
          "authorities that sign the job server's certificate; the system's where absent");
  public static final Setting<String> JOB_SERVER_CERTIFICATE =
      add(
          "job-server.certificate",
          pem(),
          null,
          "certificate that is shown to the job server, followed by its chain");
  public static final Setting<String> JOB_SERVER_KEY =
      add("job-server.key", pem(), null, "that certificate's private key, not encrypted");
  public static final Setting<Duration> JOB_SERVER_TIMEOUT =
      add("job-server.timeout", duration("10ms", "10m"), "5s", "one start attempt");
  public static final Setting<Integer> JOB_SERVER_ATTEMPTS =
      add(
          "job-server.attempts",
          number(1, 100),
          "5",
          "attempts for a job that a client is held for; a 202 job goes on until job.timeout");
  public static final Setting<Duration> JOB_SERVER_BACKOFF =
      add(
          "job-server.backoff",
          duration("1ms", "1h"),
          "100ms",
          "first bound of the random pause between attempts; doubles each time");
  public static final Setting<Duration> JOB_SERVER_MAX_BACKOFF =
      add("job-server.max-backoff", duration("1ms", "24h"), "5s", "last bound of that pause");
  public static final Setting<Boolean> JOB_SERVER_IDEMPOTENT =
      add(
          "job-server.idempotent",
          flag(),
          "false",
          "true: an attempt that ended unclear is sent again, with an Idempotency-Key");
  public static final Setting<Integer> JOB_SERVER_BREAKER_RATIO =
      add(
          "job-server.breaker-ratio",
          percent(),
          "50%",
          "so many of the last attempts (at least 20) have to fail for the circuit breaker to open");
  public static final Setting<Integer> JOB_SERVER_BREAKER_WINDOW =
      add("job-server.breaker-window", number(1, 10_000), "100", "how many attempts it looks at");
  public static final Setting<Duration> JOB_SERVER_BREAKER_WAIT =
      add(
          "job-server.breaker-wait",
          duration("10ms", "1h"),
          "5s",
          "how long it stays open before it lets a probe through");
  public static final Setting<String> JOB_SERVER_STATUS_URL =
      add(
          "job-server.status-url",
          text(
              "an http or https URL with {id}",
              Pattern.compile("https?://[^/\\s{}]+/\\S*\\{id\\}\\S*")),
          null,
          "where overdue jobs are asked for, such as https://jobs.example.org/jobs/{id}; the answer is"
              + " what the callback would have brought");
  public static final Setting<Integer> JOB_SERVER_CONNECTIONS =
      add("job-server.connections", number(1, 10_000), "256", "start attempts at once");
  public static final Setting<Integer> JOB_SERVER_CONNECTIONS_PER_ACCOUNT =
      add("job-server.connections-per-account", number(1, 10_000), "1", "the same, per account");
  public static final Setting<Duration> HOLD_TIMEOUT =
      add("hold.timeout", duration("1ms", "24h"), "10s", "how long a client is held by default");
  public static final Setting<Duration> HOLD_MAX =
      add("hold.max", duration("1ms", "24h"), "5m", "the most that Prefer: wait may ask");
  public static final Setting<Duration> JOB_TIMEOUT =
      add(
          "job.timeout",
          duration("10ms", "30d"),
          "15m",
          "how long the start, and after it the callback, may take before the job expires");
  public static final Setting<Duration> JOB_RETENTION =
      add("job.retention", duration("1s", "365d"), "24h", "how long finished jobs are kept");
  public static final Setting<Duration> DEAD_LETTER_RETENTION =
      add("dead-letter.retention", duration("1s", "365d"), "7d", "how long dead letters are kept");
  public static final Setting<String> STORE_URL =
      add(
          "store.url",
          text(
              "memory:, file: and a directory, redis://, rediss://, redis-sentinel://host,host/name,"
                  + " or several redis:// separated by commas",
              Pattern.compile(
                  "memory:|file:.+|rediss?://[^/,\\s]+(/\\d+)?(,\\s*rediss?://[^/,\\s]+)*"
                      + "|redis-sentinel://[^/\\s]+/[^/\\s]+")),
          "file:./data",
          "where jobs are kept: memory: (gone with the process), file:DIR, or Redis, which several"
              + " nodes share");
  public static final Setting<Integer> STORE_REPLICAS =
      add(
          "store.replicas",
          number(0, 10),
          "0",
          "Redis only: how many replicas must have a write before it is answered (WAIT)");
  public static final Setting<String> CALLBACK_AUTH =
      add(
          "callback.auth",
          oneOf("token", "signature", "none"),
          "token",
          "token: an unforgeable URL for each job; signature: by the body's id, signed as Standard"
              + " Webhooks says; none: by the body's id, whoever sends it");
  public static final Setting<List<String>> CALLBACK_SECRET =
      secret(
          "callback.secret",
          listOf(
              text(
                  "whsec_ and the base64 of 24 to 64 bytes, or whpk_ and an Ed25519 public key",
                  Pattern.compile(WebhookKey.VERIFIES))),
          "keys of callback tokens (the first whsec_ one makes them; generated and kept in the store"
              + " where absent) and of callback.auth: signature");
  public static final Setting<String> CALLBACK_AUTHORIZATION =
      secret(
          "callback.authorization",
          text(
              "what the Authorization header is, such as Bearer abc", Pattern.compile("\\S+ \\S+")),
          "what callbacks must carry as Authorization as well, for job servers that send a fixed one");
  public static final Setting<Integer> BODY_MAX =
      add("body.max", size("1KiB", "1GiB"), "1MiB", "larger requests get 413");
  public static final Setting<Integer> HELD_MAX =
      add(
          "held.max",
          number(1, 10_000_000),
          null,
          "more held requests get 503; by memory and file limits where absent");
  public static final Setting<Integer> CONNECTIONS_PER_ADDRESS =
      add(
          "connections.per-address",
          number(1, 10_000_000),
          null,
          "open connections of one client address; more are closed at once. No limit where absent:"
              + " behind a load balancer all clients have one address, and the job server's"
              + " callbacks come from one as well");
  public static final Setting<Rate> RATE_PER_ACCOUNT =
      add(
          "rate.per-account",
          rate(),
          "off",
          "how many requests an account may send to this process; more get 429");
  public static final Setting<List<String>> WEBHOOK_SECRET =
      secret(
          "webhook.secret",
          listOf(
              text(
                  "whsec_ and the base64 of 24 to 64 bytes, or whsk_ and an Ed25519 private key",
                  Pattern.compile(WebhookKey.SIGNS))),
          "what results delivered to clients' own URLs are signed with (Standard Webhooks); several"
              + " while it is rotated; unsigned where absent");
  public static final Setting<Boolean> WEBHOOK_ALLOW_PRIVATE =
      add(
          "webhook.allow-private",
          flag(),
          "false",
          "true: results are delivered to private addresses too; for development");
  public static final Setting<String> API_KEYS_FILE =
      add(
          "api-keys.file",
          text("a file"),
          null,
          "YAML list of the API keys that clients must use; read again when it changes");
  public static final Setting<String> LOG_FORMAT =
      add("log.format", oneOf("text", "json"), null, "text on a terminal, else json");
  public static final Setting<String> LOG_LEVEL =
      add("log.level", oneOf("error", "warn", "info", "debug"), "info", "how much is logged");
  public static final Setting<URI> OTEL_ENDPOINT =
      add(
          "otel.endpoint",
          httpUrl(),
          null,
          "the OpenTelemetry collector that traces are sent to (OTLP over HTTP), such as"
              + " http://localhost:4318");
  public static final Setting<Integer> OTEL_SAMPLING =
      add(
          "otel.sampling",
          percent(),
          "100%",
          "how many of the traces that begin here are recorded; those that clients began are as they"
              + " say");
  public static final Setting<List<String>> OTEL_HEADERS =
      secret(
          "otel.headers",
          listOf(text("name=value", Pattern.compile("[A-Za-z0-9-]+=[ -~]+"))),
          "what the collector is sent along, such as a key");
  public static final Setting<List<String>> CORS_ORIGINS =
      add(
          "cors.origins",
          listOf(
              text(
                  "* or an origin such as https://example.org",
                  Pattern.compile("\\*|https?://[^/,\\s]+"))),
          "*",
          "web pages that may call the public API");

  private Settings() {}

  private static SettingType<String> pem() {
    return text("the path of a PEM file");
  }

  private static <T> Setting<T> add(
      String key,
      SettingType<T> type,
      @org.jspecify.annotations.Nullable String fallback,
      String meaning) {
    Setting<T> setting = new Setting<>(key, type, Optional.ofNullable(fallback), false, meaning);
    ALL.add(setting);
    return setting;
  }

  private static <T> Setting<T> secret(String key, SettingType<T> type, String meaning) {
    Setting<T> setting = new Setting<>(key, type, Optional.empty(), true, meaning);
    ALL.add(setting);
    return setting;
  }

  /** All settings. */
  public static List<Setting<?>> all() {
    return List.copyOf(ALL);
  }
}
