package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.route.RoutesSection;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A proxy with routes to an API that does as it is told. */
@SuppressWarnings("NullAway.Init") // each test starts its own
abstract class RouteFixture {
  @TempDir protected Path folder;
  protected ScriptedApi api;
  protected RunningProxy proxy;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();

  @BeforeEach
  void startApi() throws Exception {
    api = new ScriptedApi();
    environment.put("API", api.url());
  }

  @AfterEach
  void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    api.close();
  }

  protected void variable(String name, String value) {
    environment.put(name, value);
  }

  protected void setting(String key, String value) {
    settings.put(key, value);
  }

  /** Starts the proxy; {@code yaml} is its settings file. */
  protected void start(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("async-proxy.yaml"), yaml);
    proxy = new RunningProxy(settings, environment, file);
  }

  /** Changes the routes to those of {@code yaml}. */
  protected void change(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("async-proxy.yaml"), yaml);
    Values values = Values.resolve(new SettingsInput(Map.of(), environment, Optional.of(file)));
    proxy.proxy().change(RoutesSection.read(values.section("routes"), values.environment()));
  }

  protected CompletableFuture<HttpResponse<byte[]>> post(
      String path, byte[] body, String... headers) {
    return proxy.send(proxy.request(path, headers).POST(BodyPublishers.ofByteArray(body)));
  }

  protected CompletableFuture<HttpResponse<byte[]>> post(
      String path, String body, String... headers) {
    return post(path, body.getBytes(UTF_8), headers);
  }

  protected HttpResponse<byte[]> callBack(String url, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url.replace("localhost", "127.0.0.1")));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return proxy.send(request.POST(BodyPublishers.ofByteArray(body))).get(20, TimeUnit.SECONDS);
  }

  protected HttpResponse<byte[]> callBack(String url, String json, String... headers)
      throws Exception {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return callBack(url, json.getBytes(UTF_8), all);
  }

  protected static HttpResponse<byte[]> get(CompletableFuture<HttpResponse<byte[]>> answer)
      throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }
}
