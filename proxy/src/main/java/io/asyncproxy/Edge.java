package io.asyncproxy;

import io.asyncproxy.api.HealthHandler;
import io.asyncproxy.api.JobHandler;
import io.asyncproxy.api.ProxyHandler;
import io.asyncproxy.api.Services;
import io.asyncproxy.callback.CallbackHandler;
import io.asyncproxy.dispatch.JobServerClient;
import io.asyncproxy.dispatch.Lane;
import io.asyncproxy.http.Bodies;
import io.asyncproxy.http.Connections;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Replies;
import io.asyncproxy.http.Server;
import io.asyncproxy.job.SecureBits;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** One event loop's share of the public side: its listener, handlers, connections and lane. */
@SuppressWarnings("NullAway.Init") // Vert.x starts a verticle before anybody uses it
final class Edge extends VerticleBase {
  private static final String CALLBACK = "/proxy/callback";
  private static final String JOBS = "/proxy/jobs/";

  private final ProxySettings settings;
  private final Services services;
  private final CallbackHandler.Services callbacks;
  private final InstantSource clock;
  private Lane lane;
  private HttpServer server;

  Edge(
      ProxySettings settings,
      Services services,
      CallbackHandler.Services callbacks,
      InstantSource clock) {
    this.settings = settings;
    this.services = services;
    this.callbacks = callbacks;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    EventLoop loop = EventLoop.of(context);
    lane = new Lane(loop, new JobServerClient(vertx, settings.jobServer(), loop, clock));
    Connections connections = new Connections(settings.http(), loop);
    Replies replies = new Replies(settings.cors());
    Server requests = new Server(routes(loop), replies, connections, settings.cors(), _ -> {});
    server =
        EdgeOptions.server(vertx, settings)
            .connectionHandler(connections::opened)
            .requestHandler(requests::handle)
            .invalidRequestHandler(requests::handleInvalid);
    return server.listen();
  }

  private Function<String, Optional<Endpoint>> routes(EventLoop loop) {
    Bodies bodies = new Bodies(settings.http(), loop);
    Endpoint proxy = new ProxyHandler(services, bodies, lane, SecureBits.create()).endpoint();
    CallbackHandler results = new CallbackHandler(callbacks, bodies);
    JobHandler jobs = new JobHandler(services, loop);
    HealthHandler health = new HealthHandler(services);
    return path ->
        Optional.ofNullable(
            switch (path) {
              case "/proxy" -> proxy;
              case CALLBACK -> results.withoutToken();
              case "/health" -> health.health();
              case "/livez" -> health.live();
              case "/readyz" -> health.ready();
              case String p when p.startsWith(CALLBACK + '/') ->
                  results.endpoint(p.substring(CALLBACK.length() + 1));
              case String p when p.startsWith(JOBS) -> jobs.endpoint(p.substring(JOBS.length()));
              default -> null;
            });
  }

  Lane lane() {
    return lane;
  }

  /**
   * Changes the certificate of new connections. All event loops' listeners are one server inside
   * Vert.x, so that one of them is enough.
   */
  Future<Boolean> renew(ServerSSLOptions tls) {
    return server.updateSSLOptions(tls);
  }

  int port() {
    return server.actualPort();
  }

  int deadlines() {
    return lane.loop().deadlines().count();
  }
}
