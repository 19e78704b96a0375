package io.asyncproxy;

import io.asyncproxy.delivery.Resolver;
import io.asyncproxy.http.HttpLimits;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A proxy on a free port, and a client of it. */
public final class RunningProxy implements AutoCloseable {
  private final AsyncProxy proxy;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public RunningProxy(Map<String, String> settings) throws Exception {
    this(settings, limits -> limits, Optional.empty());
  }

  /** One for which host names mean what {@code resolver} says. */
  public RunningProxy(Map<String, String> settings, Optional<Resolver> resolver) throws Exception {
    this(settings, limits -> limits, resolver);
  }

  public RunningProxy(Map<String, String> settings, UnaryOperator<HttpLimits> limits)
      throws Exception {
    this(settings, limits, Optional.empty());
  }

  private RunningProxy(
      Map<String, String> settings, UnaryOperator<HttpLimits> limits, Optional<Resolver> resolver)
      throws Exception {
    this(read(settings, Map.of(), Optional.empty()), limits, resolver);
  }

  /** One with a settings file and environment variables. */
  public RunningProxy(Map<String, String> settings, Map<String, String> environment, Path file)
      throws Exception {
    this(read(settings, environment, Optional.of(file)), limits -> limits, Optional.empty());
  }

  private RunningProxy(
      ProxySettings read, UnaryOperator<HttpLimits> limits, Optional<Resolver> resolver)
      throws Exception {
    proxy = new AsyncProxy(read.with(limits.apply(read.http())), InstantSource.system(), resolver);
    port = proxy.start().await(20, TimeUnit.SECONDS);
  }

  private static ProxySettings read(
      Map<String, String> settings, Map<String, String> environment, Optional<Path> file)
      throws Exception {
    Map<String, String> flags = new HashMap<>(settings);
    flags.putIfAbsent("port", "0");
    flags.putIfAbsent("admin.port", "0");
    flags.putIfAbsent("host", "127.0.0.1");
    flags.putIfAbsent("store.url", "memory:");
    return ProxySettings.from(Values.resolve(new SettingsInput(flags, environment, file)));
  }

  public static RunningProxy before(ScriptedJobServer jobServer, String... settings)
      throws Exception {
    Map<String, String> flags = new HashMap<>();
    flags.put("job-server.url", jobServer.url());
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return new RunningProxy(flags);
  }

  public AsyncProxy proxy() {
    return proxy;
  }

  public int port() {
    return port;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public CompletableFuture<HttpResponse<byte[]>> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)));
  }

  public CompletableFuture<HttpResponse<byte[]>> proxy(String body, String... headers) {
    return post("/proxy", body, headers);
  }

  public HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return send(request(path, headers).GET()).get(20, TimeUnit.SECONDS);
  }

  public HttpResponse<byte[]> delete(String path) throws Exception {
    return send(request(path).DELETE()).get(20, TimeUnit.SECONDS);
  }

  /** Asks the admin listener. */
  public HttpResponse<byte[]> admin(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
            .method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request).get(20, TimeUnit.SECONDS);
  }

  /** Sends a callback to the URL that the proxy gave out, or to any other. */
  public HttpResponse<byte[]> callBack(String url, String body) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url.replace("localhost", "127.0.0.1")))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)))
        .get(20, TimeUnit.SECONDS);
  }

  /** The lines of a job's event stream, as they come. */
  public HttpResponse<Stream<String>> events(String job) throws Exception {
    HttpRequest request =
        request("/proxy/jobs/" + job, "Accept", "text/event-stream").GET().build();
    return client.send(request, BodyHandlers.ofLines());
  }

  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    boolean typed = false;
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
      typed |= headers[i].equalsIgnoreCase("Content-Type");
    }
    return typed ? builder : builder.header("Content-Type", "application/json");
  }

  public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofByteArray());
  }

  public static JsonObject json(HttpResponse<byte[]> response) {
    return new JsonObject(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
  }

  public static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Override
  public void close() throws Exception {
    client.shutdownNow();
    proxy.close().await(60, TimeUnit.SECONDS);
  }
}
