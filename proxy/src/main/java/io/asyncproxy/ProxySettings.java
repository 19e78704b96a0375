package io.asyncproxy;

import static io.asyncproxy.settings.Settings.ADMIN_HOST;
import static io.asyncproxy.settings.Settings.ADMIN_PORT;
import static io.asyncproxy.settings.Settings.ADMIN_TOKEN;
import static io.asyncproxy.settings.Settings.API_KEYS_FILE;
import static io.asyncproxy.settings.Settings.BODY_MAX;
import static io.asyncproxy.settings.Settings.CALLBACK_AUTH;
import static io.asyncproxy.settings.Settings.CALLBACK_AUTHORIZATION;
import static io.asyncproxy.settings.Settings.CALLBACK_SECRET;
import static io.asyncproxy.settings.Settings.CONNECTIONS_PER_ADDRESS;
import static io.asyncproxy.settings.Settings.CORS_ORIGINS;
import static io.asyncproxy.settings.Settings.DEAD_LETTER_RETENTION;
import static io.asyncproxy.settings.Settings.HELD_MAX;
import static io.asyncproxy.settings.Settings.HOLD_MAX;
import static io.asyncproxy.settings.Settings.HOLD_TIMEOUT;
import static io.asyncproxy.settings.Settings.HOST;
import static io.asyncproxy.settings.Settings.JOB_RETENTION;
import static io.asyncproxy.settings.Settings.JOB_SERVER_ATTEMPTS;
import static io.asyncproxy.settings.Settings.JOB_SERVER_BACKOFF;
import static io.asyncproxy.settings.Settings.JOB_SERVER_BREAKER_RATIO;
import static io.asyncproxy.settings.Settings.JOB_SERVER_BREAKER_WAIT;
import static io.asyncproxy.settings.Settings.JOB_SERVER_BREAKER_WINDOW;
import static io.asyncproxy.settings.Settings.JOB_SERVER_CONNECTIONS;
import static io.asyncproxy.settings.Settings.JOB_SERVER_CONNECTIONS_PER_ACCOUNT;
import static io.asyncproxy.settings.Settings.JOB_SERVER_IDEMPOTENT;
import static io.asyncproxy.settings.Settings.JOB_SERVER_MAX_BACKOFF;
import static io.asyncproxy.settings.Settings.JOB_SERVER_STATUS_URL;
import static io.asyncproxy.settings.Settings.JOB_SERVER_TIMEOUT;
import static io.asyncproxy.settings.Settings.JOB_SERVER_URL;
import static io.asyncproxy.settings.Settings.JOB_TIMEOUT;
import static io.asyncproxy.settings.Settings.PORT;
import static io.asyncproxy.settings.Settings.PUBLIC_URL;
import static io.asyncproxy.settings.Settings.RATE_PER_ACCOUNT;
import static io.asyncproxy.settings.Settings.STORE_REPLICAS;
import static io.asyncproxy.settings.Settings.STORE_URL;
import static io.asyncproxy.settings.Settings.TLS_CERTIFICATE;
import static io.asyncproxy.settings.Settings.TUNNEL;
import static io.asyncproxy.settings.Settings.TUNNEL_REMOTE_PORT;
import static io.asyncproxy.settings.Settings.TUNNEL_SSH_CONFIG;
import static io.asyncproxy.settings.Settings.WEBHOOK_ALLOW_PRIVATE;
import static io.asyncproxy.settings.Settings.WEBHOOK_SECRET;

import io.asyncproxy.access.ApiKeys;
import io.asyncproxy.admin.AdminSettings;
import io.asyncproxy.callback.CallbackAuth;
import io.asyncproxy.dispatch.BreakerSettings;
import io.asyncproxy.dispatch.JobServerSettings;
import io.asyncproxy.dispatch.RetryPolicy;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.http.Cors;
import io.asyncproxy.http.HttpLimits;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.route.Routes;
import io.asyncproxy.route.RoutesSection;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.Rate;
import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Settings;
import io.asyncproxy.settings.Source;
import io.asyncproxy.settings.Values;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.tls.ListenerTls;
import io.asyncproxy.tunnel.TunnelSettings;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a proxy is started with: the settings of each feature.
 *
 * @param host the public listener's address
 * @param port the public listener's port; 0 takes a free one
 * @param admin the admin listener
 * @param tls the public listener's certificate; without one it speaks plain HTTP
 * @param publicUrl where the job server reaches us; empty for this host's own name and port
 * @param tunnel the tunnel whose URL is the public one; empty where there is none
 * @param ratePerAccount how many requests each account may send
 * @param shown every setting and its value, secrets masked, for operators
 * @param storeUrl where jobs are kept
 * @param storeReplicas how many replicas of Redis must have a write
 * @param apiKeys the keys that clients must use; empty where anybody may call
 * @param webhookKeys what deliveries are signed with
 * @param webhookAllowPrivate whether results are delivered to private addresses
 * @param callbackAuth what callbacks have to prove
 * @param callbackSecrets the keys of callback tokens; empty: generated, and kept in the store
 * @param traces where traces are sent; empty where they are not
 * @param routes the APIs besides that of {@code /proxy}
 */
public record ProxySettings(
    String host,
    int port,
    AdminSettings admin,
    Optional<ListenerTls> tls,
    Optional<URI> publicUrl,
    Optional<TunnelSettings> tunnel,
    String storeUrl,
    int storeReplicas,
    Optional<ApiKeys> apiKeys,
    List<WebhookKey> webhookKeys,
    boolean webhookAllowPrivate,
    CallbackAuth callbackAuth,
    List<String> callbackSecrets,
    JobServerSettings jobServer,
    RetryPolicy retry,
    HoldSettings hold,
    Lifetimes lifetimes,
    HttpLimits http,
    Rate ratePerAccount,
    Cors cors,
    Optional<TraceSettings> traces,
    Routes routes,
    JsonObject shown) {

  /** The same with other limits of requests and connections. */
  public ProxySettings with(HttpLimits limits) {
    return new ProxySettings(
        host,
        port,
        admin,
        tls,
        publicUrl,
        tunnel,
        storeUrl,
        storeReplicas,
        apiKeys,
        webhookKeys,
        webhookAllowPrivate,
        callbackAuth,
        callbackSecrets,
        jobServer,
        retry,
        hold,
        lifetimes,
        limits,
        ratePerAccount,
        cors,
        traces,
        routes,
        shown);
  }

  /**
   * Reads the settings of every feature.
   *
   * @throws InvalidSettingsException where values do not fit together
   */
  public static ProxySettings from(Values values) throws InvalidSettingsException {
    List<String> mistakes = new ArrayList<>();
    Optional<AdminSettings> admin = checked(mistakes, () -> admin(values));
    Optional<HoldSettings> hold = checked(mistakes, () -> hold(values));
    Optional<RetryPolicy> retry = checked(mistakes, () -> retry(values));
    Optional<CallbackAuth> callbackAuth = checked(mistakes, () -> callbackAuth(values));
    Optional<List<WebhookKey>> webhookKeys = checked(mistakes, () -> keys(values, WEBHOOK_SECRET));
    Optional<ApiKeys> apiKeys = apiKeys(values, mistakes);
    Routes routes = routes(values, mistakes);
    Optional<Optional<ListenerTls>> tls = checked(mistakes, () -> TlsSettings.listener(values));
    Optional<Optional<TunnelSettings>> tunnel = checked(mistakes, () -> tunnel(values));
    Optional<JobServerSettings> jobServer = checked(mistakes, () -> jobServer(values));
    Optional<Integer> replicas = checked(mistakes, () -> replicas(values));
    if (!mistakes.isEmpty()) {
      throw new InvalidSettingsException(mistakes);
    }
    return new ProxySettings(
        values.get(HOST),
        values.get(PORT),
        admin.orElseThrow(),
        tls.orElseThrow(),
        values.find(PUBLIC_URL),
        tunnel.orElseThrow(),
        values.get(STORE_URL),
        replicas.orElseThrow(),
        apiKeys,
        webhookKeys.orElseThrow(),
        values.get(WEBHOOK_ALLOW_PRIVATE),
        callbackAuth.orElseThrow(),
        values.find(CALLBACK_SECRET).orElse(List.of()),
        jobServer.orElseThrow(),
        retry.orElseThrow(),
        hold.orElseThrow(),
        new Lifetimes(
            values.get(JOB_TIMEOUT), values.get(JOB_RETENTION), values.get(DEAD_LETTER_RETENTION)),
        HttpLimits.withBodies(
            values.get(BODY_MAX),
            HeldCapacity.connectionsPerLoop(),
            values.find(CONNECTIONS_PER_ADDRESS).orElse(Integer.MAX_VALUE)),
        values.get(RATE_PER_ACCOUNT),
        new Cors(Set.copyOf(values.get(CORS_ORIGINS))),
        TraceSettings.of(values),
        routes,
        shown(values));
  }

  /** Where the job server reaches a proxy on {@code port} where nothing else is said. */
  public URI publicUrl(int port) {
    String scheme = tls.isPresent() ? "https" : "http";
    return publicUrl.orElseGet(() -> URI.create(scheme + "://localhost:" + port + "/proxy"));
  }

  private static JsonObject shown(Values values) {
    JsonObject shown = new JsonObject();
    for (Setting<?> setting : Settings.all()) {
      values
          .source(setting)
          .ifPresent(
              source ->
                  shown.put(
                      setting.key(),
                      new JsonObject()
                          .put("value", setting.shown(source.text()))
                          .put("from", source.origin())));
    }
    return shown;
  }

  private static <T> Optional<T> checked(List<String> mistakes, Supplier<T> settings) {
    try {
      return Optional.of(settings.get());
    } catch (IllegalArgumentException mistake) {
      mistakes.add(String.valueOf(mistake.getMessage()));
      return Optional.empty();
    }
  }

  private static Routes routes(Values values, List<String> mistakes) {
    try {
      return RoutesSection.read(values.section("routes"), values.environment());
    } catch (InvalidSettingsException invalid) {
      mistakes.addAll(invalid.mistakes());
      return Routes.NONE;
    }
  }

  private static Optional<ApiKeys> apiKeys(Values values, List<String> mistakes) {
    Optional<String> file = values.find(API_KEYS_FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ApiKeys(Path.of(file.get())));
    } catch (InvalidSettingsException invalid) {
      mistakes.addAll(invalid.mistakes());
      return Optional.empty();
    }
  }

  /** Who asks for replicas means that a write is safe with them: there are none elsewhere. */
  private static int replicas(Values values) {
    int replicas = values.get(STORE_REPLICAS);
    if (replicas > 0 && !values.get(STORE_URL).startsWith("redis")) {
      throw new IllegalArgumentException(
          "store.replicas must be 0 where store.url is not Redis, was " + replicas);
    }
    return replicas;
  }

  /** A tunnel brings a URL of its own, and what comes through it is plain HTTP. */
  private static Optional<TunnelSettings> tunnel(Values values) {
    Optional<TunnelSettings> tunnel =
        TunnelSettings.of(
            values.get(TUNNEL), values.get(TUNNEL_REMOTE_PORT), values.find(TUNNEL_SSH_CONFIG));
    for (Setting<?> other : List.of(PUBLIC_URL, TLS_CERTIFICATE)) {
      if (tunnel.isPresent() && values.find(other).isPresent()) {
        throw new IllegalArgumentException(
            "%s must be unset where tunnel is on, was %s"
                .formatted(other.key(), values.source(other).map(Source::text).orElse("set")));
      }
    }
    return tunnel;
  }

  private static CallbackAuth callbackAuth(Values values) {
    CallbackAuth.Mode mode =
        CallbackAuth.Mode.valueOf(values.get(CALLBACK_AUTH).toUpperCase(Locale.ROOT));
    List<WebhookKey> keys = keys(values, CALLBACK_SECRET);
    if (mode == CallbackAuth.Mode.SIGNATURE && keys.isEmpty()) {
      throw new IllegalArgumentException(
          "callback.secret must be set where callback.auth is signature: the key(s) that the job"
              + " server signs with, whsec_... or whpk_...; was unset");
    }
    return new CallbackAuth(mode, keys, values.find(CALLBACK_AUTHORIZATION));
  }

  /** Keys that look right may still be no base64: as by a character that was lost in copying. */
  private static List<WebhookKey> keys(Values values, Setting<List<String>> setting) {
    try {
      return values.find(setting).orElse(List.of()).stream().map(WebhookKey::parse).toList();
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException(
          "%s = set: must be %s".formatted(setting.key(), setting.type().allowed()), broken);
    }
  }

  private static AdminSettings admin(Values values) {
    AdminSettings admin =
        new AdminSettings(values.get(ADMIN_HOST), values.get(ADMIN_PORT), values.find(ADMIN_TOKEN));
    if (admin.isAlso(values.get(HOST), values.get(PORT))) {
      throw new IllegalArgumentException(
          "admin.port must differ from port (%d), was %d"
              .formatted(values.get(PORT), admin.port()));
    }
    return admin;
  }

  private static HoldSettings hold(Values values) {
    return new HoldSettings(
        values.get(HOLD_TIMEOUT),
        values.get(HOLD_MAX),
        values.find(HELD_MAX).orElseGet(HeldCapacity::ofThisMachine));
  }

  private static RetryPolicy retry(Values values) {
    return new RetryPolicy(
        values.get(JOB_SERVER_ATTEMPTS),
        values.get(JOB_SERVER_BACKOFF),
        values.get(JOB_SERVER_MAX_BACKOFF),
        values.get(JOB_SERVER_IDEMPOTENT));
  }

  /** How many requests are held where {@code held.max} doesn't say. */
  public static int heldByThisMachine() {
    return HeldCapacity.ofThisMachine();
  }

  private static JobServerSettings jobServer(Values values) {
    return new JobServerSettings(
        values.get(JOB_SERVER_URL),
        values.get(JOB_SERVER_TIMEOUT),
        values.get(JOB_SERVER_CONNECTIONS),
        values.get(JOB_SERVER_CONNECTIONS_PER_ACCOUNT),
        values.get(BODY_MAX),
        new BreakerSettings(
            values.get(JOB_SERVER_BREAKER_RATIO),
            values.get(JOB_SERVER_BREAKER_WINDOW),
            values.get(JOB_SERVER_BREAKER_WAIT)),
        values.find(JOB_SERVER_STATUS_URL),
        !values.get(CALLBACK_AUTH).equals("token"),
        TlsSettings.jobServerAuthorities(values),
        TlsSettings.jobServerIdentity(values));
  }
}
