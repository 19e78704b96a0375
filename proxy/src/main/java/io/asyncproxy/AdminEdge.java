package io.asyncproxy;

import io.asyncproxy.admin.AdminGate;
import io.asyncproxy.admin.AdminHandlers;
import io.asyncproxy.admin.AdminSettings;
import io.asyncproxy.admin.ConsoleFiles;
import io.asyncproxy.http.Connections;
import io.asyncproxy.http.Cors;
import io.asyncproxy.http.HttpLimits;
import io.asyncproxy.http.Replies;
import io.asyncproxy.http.RequestListener;
import io.asyncproxy.http.Server;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.Set;

/** The admin listener, which has nothing in common with the public one but its manners. */
@SuppressWarnings("NullAway.Init") // Vert.x starts a verticle before anybody uses it
final class AdminEdge extends VerticleBase {
  private final AdminSettings settings;
  private final HttpLimits limits;
  private final AdminHandlers handlers;
  private HttpServer server;

  AdminEdge(AdminSettings settings, HttpLimits limits, AdminHandlers handlers) {
    this.settings = settings;
    this.limits = limits;
    this.handlers = handlers;
  }

  @Override
  public Future<?> start() {
    Cors nobody = new Cors(Set.of());
    Connections connections = new Connections(limits, EventLoop.of(context));
    AdminGate gate = new AdminGate(settings.token());
    ConsoleFiles console = new ConsoleFiles();
    Server requests =
        new Server(
            path -> console.find(path).or(() -> handlers.find(path)),
            new Replies(nobody),
            connections,
            nobody,
            gate::require,
            RequestListener.NONE);
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost(settings.host()).setPort(settings.port()))
            .connectionHandler(requests::opened)
            .requestHandler(requests::handle)
            .invalidRequestHandler(requests::handleInvalid);
    return server
        .listen()
        .recover(
            failure ->
                Future.failedFuture(
                    new CannotListenException(
                        "admin.port", settings.host(), settings.port(), failure)));
  }

  int port() {
    return server.actualPort();
  }
}
