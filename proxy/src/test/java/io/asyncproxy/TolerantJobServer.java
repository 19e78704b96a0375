package io.asyncproxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job server that takes any body, calls back at once, and asks nothing of either. */
final class TolerantJobServer implements AutoCloseable {
  private static final Pattern CALLBACK =
      Pattern.compile("\"callback\":\"(http[^\"]+/callback/[^\"]+)\"");

  /** Jobs of this account are never called back. */
  static final String QUIET = "\"account\":\"quiet\"";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile String lastQuietCallback = "";

  TolerantJobServer() throws Exception {
    var client = vertx.createHttpClient();
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              request.response().end("{\"state\":\"running\",\"id\":\"1\"}");
                              Matcher url = CALLBACK.matcher(body.toString());
                              if (!url.find()) {
                                return;
                              }
                              if (body.toString().contains(QUIET)) {
                                lastQuietCallback = url.group(1);
                                return;
                              }
                              client
                                  .request(
                                      new RequestOptions()
                                          .setMethod(HttpMethod.POST)
                                          .setAbsoluteURI(url.group(1)))
                                  .compose(callback -> callback.send("{\"id\":\"1\"}"));
                            }))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/start";
  }

  /** The callback URL of the last job of the quiet account; empty where there is none yet. */
  String lastQuietCallback() {
    return lastQuietCallback;
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
