package io.asyncproxy;

import io.asyncproxy.api.Entrance;
import io.asyncproxy.api.HealthHandler;
import io.asyncproxy.api.JobHandler;
import io.asyncproxy.api.ProxyHandler;
import io.asyncproxy.api.RouteEntrance;
import io.asyncproxy.api.Services;
import io.asyncproxy.callback.CallbackHandler;
import io.asyncproxy.http.Bodies;
import io.asyncproxy.http.BodyBudget;
import io.asyncproxy.http.Connections;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Replies;
import io.asyncproxy.http.RequestListener;
import io.asyncproxy.http.Server;
import io.asyncproxy.http.Specification;
import io.asyncproxy.job.SecureBits;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One event loop's share of the public side: its listener, handlers, connections and lane. */
@SuppressWarnings("NullAway.Init") // Vert.x starts a verticle before anybody uses it
final class Edge extends VerticleBase {
  private static final String CALLBACK = "/proxy/callback";
  private static final String JOBS = "/proxy/jobs/";
  private static final String RESULT = "/result";

  private final ProxySettings settings;
  private final Services services;
  private final CallbackHandler.Services callbacks;
  private final Backends backends;
  private final BodyBudget budget;
  private final RequestListener listener;
  private EventLoop loop;
  private HttpServer server;

  Edge(
      ProxySettings settings,
      Services services,
      CallbackHandler.Services callbacks,
      Backends backends,
      BodyBudget budget,
      RequestListener listener) {
    this.listener = listener;
    this.settings = settings;
    this.services = services;
    this.callbacks = callbacks;
    this.backends = backends;
    this.budget = budget;
  }

  @Override
  public Future<?> start() {
    loop = EventLoop.of(context);
    Connections connections = new Connections(settings.http(), loop);
    Replies replies = new Replies(settings.cors());
    Server requests =
        new Server(endpoints(), replies, connections, settings.cors(), _ -> {}, listener);
    server =
        EdgeOptions.server(vertx, settings)
            .connectionHandler(requests::opened)
            .requestHandler(requests::handle)
            .invalidRequestHandler(requests::handleInvalid);
    return listen()
        .recover(
            failure ->
                Future.failedFuture(
                    new CannotListenException("port", settings.host(), settings.port(), failure)));
  }

  /** Where any port will do, it is the same one for each event loop. */
  private Future<HttpServer> listen() {
    return settings.port() == 0
        ? server.listen(SocketAddress.sharedRandomPort(1, settings.host()))
        : server.listen();
  }

  private Function<String, Optional<Endpoint>> endpoints() {
    Bodies bodies = new Bodies(settings.http(), budget, loop);
    RandomGenerator idBits = SecureBits.create();
    Backend main = backends.main();
    Entrance entrance =
        new Entrance.Default(main.dispatcher(), main.lane(loop), main.parts().hold());
    Endpoint proxy = new ProxyHandler(services, bodies, entrance, idBits).endpoint();
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
              case "/openapi.json" -> Specification.endpoint();
              case String p when p.startsWith(CALLBACK + '/') ->
                  results.endpoint(p.substring(CALLBACK.length() + 1));
              case String p
                  when p.startsWith(JOBS)
                      && p.endsWith(RESULT)
                      && p.length() > JOBS.length() + RESULT.length() ->
                  jobs.resultOf(p.substring(JOBS.length(), p.length() - RESULT.length()));
              case String p when p.startsWith(JOBS) -> jobs.endpoint(p.substring(JOBS.length()));
              default ->
                  routed(path)
                      .map(way -> new ProxyHandler(services, bodies, way, idBits).endpoint())
                      .orElse(null);
            });
  }

  private Optional<Entrance> routed(String path) {
    return backends
        .routes()
        .match(path)
        .flatMap(
            match ->
                backends
                    .named(match.route().name())
                    .map(
                        backend ->
                            new RouteEntrance(
                                match,
                                backend.dispatcher(),
                                backend.lane(loop),
                                backend.parts().hold())));
  }

  EventLoop loop() {
    return loop;
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
    return loop.deadlines().count();
  }
}
