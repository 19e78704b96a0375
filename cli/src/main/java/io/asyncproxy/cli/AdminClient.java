package io.asyncproxy.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A running proxy's admin API, as the commands use it. */
final class AdminClient {
  /** How a proxy answers what it has not at all, as its public listener does here. */
  private static final String NO_SUCH_PATH = "Not found";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI admin;
  private final String token;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  AdminClient(URI admin, String token) {
    this.admin = admin;
    this.token = token;
  }

  /** What the proxy said no to, or that it can't be reached: one line for people. */
  static final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    AdminException(String message, int status) {
      super(message);
      this.status = status;
    }

    /** Whether it is about what was asked for, and the next may go well. */
    boolean isAboutThisOne() {
      return status == 404 || status == 409;
    }
  }

  JsonObject get(String path, Map<String, String> query) throws Exception {
    String parameters =
        query.entrySet().stream()
            .map(e -> e.getKey() + '=' + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send("GET", parameters.isEmpty() ? path : path + '?' + parameters);
  }

  JsonObject post(String path) throws Exception {
    return send("POST", path);
  }

  void delete(String path) throws Exception {
    send("DELETE", path);
  }

  private JsonObject send(String method, String path) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(admin.toString().replaceFirst("/+$", "") + path))
            .timeout(TIMEOUT)
            .method(method, BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return read(client.send(request.build(), BodyHandlers.ofString()));
    } catch (ConnectException refused) {
      throw new AdminException(
          "No proxy's admin listener at " + admin + ": is it running? (--admin URL names another)",
          0);
    } catch (IOException broken) {
      throw new AdminException("The admin listener at " + admin + " does not answer: " + broken, 0);
    }
  }

  private JsonObject read(HttpResponse<String> response) throws AdminException {
    int status = response.statusCode();
    Optional<JsonObject> body = json(response.body());
    String error = body.map(said -> said.getString("error")).orElse("status " + status);
    boolean isOther = body.isEmpty() && status < 500;
    if (isOther || (status == 404 && error.equals(NO_SUCH_PATH))) {
      throw new AdminException(
          "%s is not a proxy's admin listener, which is on admin.port (4568): --admin URL names it"
              .formatted(admin),
          0);
    }
    if (status >= 400) {
      throw new AdminException(error + (status == 401 ? "; set ADMIN_TOKEN" : ""), status);
    }
    return body.orElseThrow();
  }

  private static Optional<JsonObject> json(String body) {
    try {
      return Optional.of(body.isEmpty() ? new JsonObject() : new JsonObject(body));
    } catch (DecodeException notOurs) {
      return Optional.empty();
    }
  }
}
