package io.asyncproxy;

import static io.asyncproxy.settings.Settings.JOB_SERVER_URL;

import io.asyncproxy.access.ApiKeys;
import io.asyncproxy.admin.AdminHandlers;
import io.asyncproxy.admin.StrayLetters;
import io.asyncproxy.api.Services;
import io.asyncproxy.callback.CallbackHandler;
import io.asyncproxy.callback.CallbackToken;
import io.asyncproxy.deadletter.DeadLetters;
import io.asyncproxy.delivery.Deliveries;
import io.asyncproxy.delivery.Resolver;
import io.asyncproxy.delivery.Target;
import io.asyncproxy.hold.HeldCheck;
import io.asyncproxy.hold.Holds;
import io.asyncproxy.hold.Watches;
import io.asyncproxy.http.BodyBudget;
import io.asyncproxy.http.Callers;
import io.asyncproxy.http.GuardedTransport;
import io.asyncproxy.http.Lifecycle;
import io.asyncproxy.http.Lifecycle.Stage;
import io.asyncproxy.http.RateLimiter;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.SecureBits;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.route.Routes;
import io.asyncproxy.settings.Rate;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.TimedStore;
import io.asyncproxy.store.redis.RedisNode;
import io.asyncproxy.sweep.Sweeper;
import io.asyncproxy.tls.Renewal;
import io.asyncproxy.tunnel.SshMissingException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy: what starts, in which order, and how it stops. Start it once; {@link #close} stops it at
 * any time, as often as wanted.
 */
public final class AsyncProxy {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncProxy.class);

  private static final Duration RATES_SWEPT_EVERY = Duration.ofSeconds(5);

  private static final int NOTES_PURGED = 500;

  private final ProxySettings settings;
  private final InstantSource clock;
  private final GuardedTransport transport;
  private final Vertx vertx;
  private final Resolver resolver;
  private final int loops = Runtime.getRuntime().availableProcessors();
  private final Lifecycle lifecycle = new Lifecycle();
  private final Holds holds;
  private final Monitoring monitoring;
  private final Node node;
  private final Watches watches;
  private final List<Edge> edges = new CopyOnWriteArrayList<>();
  private final AtomicInteger nextEdge = new AtomicInteger();
  private final AtomicReference<@Nullable Future<Void>> closing = new AtomicReference<>();
  private final Optional<Renewal> renewal;
  private final WayBack wayBack;
  private volatile int adminPort;
  private volatile Optional<Running> running = Optional.empty();

  /** What there is once the store is open. */
  private record Running(
      JobStore store,
      Optional<RedisNode> others,
      CallbackSide callbacks,
      Backends backends,
      RouteChange routes,
      Sweeper sweeper,
      Optional<HeldCheck> heldCheck) {}

  /** A proxy that is not started yet, with an event loop for each processor. */
  public AsyncProxy(ProxySettings settings, InstantSource clock) {
    this(settings, clock, Optional.empty());
  }

  /** The same, where host names mean what {@code resolver} says. */
  AsyncProxy(ProxySettings settings, InstantSource clock, Optional<Resolver> resolver) {
    HeadStart.begin(settings);
    this.settings = settings;
    this.clock = clock;
    this.transport = GuardedTransport.over(settings.http(), loops);
    this.vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setDisableTCCL(true) // nothing here looks classes up by it
                    .setFileSystemOptions(noFolder())
                    .setEventLoopPoolSize(loops))
            .withTransport(transport)
            .build();
    this.resolver = resolver.orElseGet(() -> Resolver.ofSystem(vertx));
    this.renewal =
        settings
            .tls()
            .map(
                tls ->
                    new Renewal(
                        vertx,
                        EventLoop.of(vertx.getOrCreateContext()),
                        tls,
                        renewed -> edges.getFirst().renew(renewed)));
    String id = Node.newId();
    this.monitoring =
        new Monitoring(
            settings,
            clock,
            id,
            () -> running.map(Running::store),
            this::holds,
            this::beingDecided);
    this.holds = new Holds(settings.hold().most(), monitoring.observers());
    this.watches = new Watches(settings.hold().most());
    this.node = new Node(id, clock, lifecycle, holds);
    this.wayBack = new WayBack(settings);
  }

  /**
   * Starts; blocks while the store is opened; completes with the port when requests are taken. With
   * a tunnel new jobs are only taken when it is open, later.
   */
  public Future<Integer> start() {
    return Future.<Void>succeededFuture()
        .compose(_ -> requireWayBack())
        .compose(_ -> Stores.open(settings, clock, vertx, node.id()))
        .compose(
            opened ->
                CallbackSecrets.of(settings.callbackSecrets(), opened.store())
                    .map(CallbackToken::new)
                    .compose(tokens -> start(opened, tokens)))
        .map(
            _ -> {
              wayBack.open(port(), this::takeJobs);
              renewal.ifPresent(Renewal::start);
              String scheme = settings.tls().isPresent() ? "https" : "http";
              LOG.info("Serving {}://{}:{}/proxy", scheme, settings.host(), port());
              LOG.info(
                  "Jobs start at {}, the console is at http://{}:{}/console",
                  JOB_SERVER_URL.shown(settings.jobServer().url().toString()),
                  settings.admin().host(),
                  adminPort);
              settings.tls().ifPresent(tls -> LOG.info("Certificate: {}", tls.identity().shown()));
              return port();
            })
        .compose(port -> join().map(port));
  }

  private void beingDecided(JobId job) {
    running.ifPresent(parts -> parts.backends().beingDecided(job));
  }

  private Future<Void> requireWayBack() {
    try {
      wayBack.requirePossible();
      return Future.succeededFuture();
    } catch (SshMissingException missing) {
      return Future.failedFuture(missing);
    }
  }

  /** Callback URLs can be made: jobs may be started, those that wait in the store as well. */
  private void takeJobs() {
    if (lifecycle.enter(Stage.SERVING)) {
      running.ifPresent(parts -> parts.sweeper().start());
      running.ifPresent(parts -> parts.heldCheck().ifPresent(HeldCheck::start));
    }
  }

  private Future<Void> join() {
    return running
        .flatMap(Running::others)
        .map(others -> others.join(node::json))
        .orElseGet(Future::succeededFuture);
  }

  private Future<Void> start(Stores.Opened opened, CallbackToken tokens) {
    JobStore store = new TimedStore(opened.store(), monitoring.metrics());
    Observers observers = monitoring.observers();
    EventLoop sweeping = EventLoop.of(vertx.getOrCreateContext());
    CallbackSide callbacks =
        new CallbackSide(settings, tokens, store, clock, sweeping, this::longestAttempt, observers);
    Deliveries deliveries = deliveries(store);
    BackendFactory factory =
        new BackendFactory(
            settings,
            vertx,
            clock,
            store,
            callbacks,
            wayBack::callbacks,
            sweeping,
            time -> running.ifPresent(parts -> parts.sweeper().lookAt(time)),
            id -> running.ifPresent(parts -> parts.routes().takeOver(id)),
            this::nextLoop,
            observers);
    Backends backends = new Backends(factory.main(), factory::of);
    backends.change(settings.routes());
    Sweeper sweeper =
        new Sweeper(
            sweeping,
            new Sweeper.Surroundings(
                store,
                clock,
                backends::terms,
                job -> {
                  observers.swept(job, "to be started");
                  backends.resume(job);
                },
                job -> {
                  observers.swept(job, "its callback is late");
                  backends.lookAfter(job);
                },
                chores(store, callbacks, deliveries)));
    RouteChange routes = new RouteChange(vertx, store, backends, new Drain(vertx, holds));
    Optional<HeldCheck> heldCheck =
        store.isShared()
            ? Optional.of(new HeldCheck(sweeping, store, holds, watches))
            : Optional.empty();
    running =
        Optional.of(
            new Running(store, opened.others(), callbacks, backends, routes, sweeper, heldCheck));
    store.watch(
        new Wakes(
            holds,
            watches,
            backends::decided,
            deliveries,
            monitoring.metrics(),
            job -> callbacks.givenUp(job, backends.areAnyById())));
    monitoring.show(
        holds,
        backends.main().dispatcher(),
        renewal,
        () -> opened.others().map(RedisNode::count).orElse(1));
    Live live =
        new Live(
            new Live.Subjects(store, holds, backends::all, node::json, clock),
            monitoring.metrics());
    live.start(sweeping);
    Services services =
        new Services(
            store,
            holds,
            watches,
            settings.hold(),
            settings.lifetimes(),
            lifecycle,
            settings.cors(),
            deliveries,
            settings.apiKeys().<Callers>map(keys -> keys).orElse(Callers.ANYONE),
            rates(sweeping),
            wayBack.checks(),
            monitoring.tracing(),
            clock);
    return listen(services, callbacks.services(backends::callbacks), backends)
        .compose(_ -> listenAdmin(store, opened.others(), live, backends, deliveries));
  }

  private List<Supplier<Future<?>>> chores(
      JobStore store, CallbackSide callbacks, Deliveries deliveries) {
    List<Supplier<Future<?>>> chores = new ArrayList<>();
    chores.add(() -> store.notes().purge(clock.instant(), NOTES_PURGED));
    chores.add(deliveries::lookAtDue);
    settings.apiKeys().ifPresent(keys -> chores.add(() -> reload(keys)));
    chores.add(callbacks::lookAtEarly);
    return chores;
  }

  private Deliveries deliveries(JobStore store) {
    return new Deliveries(
        vertx,
        new Deliveries.Surroundings(
            store,
            clock,
            settings.lifetimes(),
            () -> ThreadLocalRandom.current().nextLong(),
            new Target(resolver, settings.webhookAllowPrivate()),
            settings.webhookKeys(),
            monitoring.observers()::delivery,
            monitoring.tracing()));
  }

  private Future<?> reload(ApiKeys keys) {
    return vertx.executeBlocking(
        () -> {
          keys.reloadIfChanged();
          return true;
        });
  }

  private Optional<RateLimiter> rates(EventLoop sweeping) {
    Rate rate = settings.ratePerAccount();
    if (!rate.isOn()) {
      return Optional.empty();
    }
    RateLimiter rates = new RateLimiter("account", rate.requests(), rate.per(), System::nanoTime);
    sweeping.execute(() -> sweepRates(rates, sweeping));
    return Optional.of(rates);
  }

  private static void sweepRates(RateLimiter rates, EventLoop sweeping) {
    rates.sweep();
    sweeping.deadlines().in(RATES_SWEPT_EVERY, () -> sweepRates(rates, sweeping));
  }

  private Future<Void> listen(
      Services services, CallbackHandler.Services callbacks, Backends backends) {
    BodyBudget budget = BodyBudget.ofHeap();
    return vertx
        .deployVerticle(
            () -> {
              Edge edge =
                  new Edge(
                      settings,
                      services,
                      callbacks,
                      backends,
                      budget,
                      monitoring.metrics().requests());
              edges.add(edge);
              return edge;
            },
            new DeploymentOptions().setInstances(loops))
        .mapEmpty();
  }

  private Future<Void> listenAdmin(
      JobStore store,
      Optional<RedisNode> others,
      Live live,
      Backends backends,
      Deliveries deliveries) {
    DeadLetters deadLetters =
        new DeadLetters(
            store,
            again -> {
              lifecycle.requireServing();
              return deliveries.repeat(again, backends::submit);
            },
            SecureBits.create());
    AdminHandlers handlers =
        new AdminHandlers(
            new AdminHandlers.Services(
                store,
                deadLetters,
                new StrayLetters(store, deliveries::again),
                settings.lifetimes(),
                clock,
                () -> node.list(others),
                settings::shown,
                live::view,
                monitoring.observers().journal(),
                (counts, type) -> monitoring.metrics().scrape(counts, backends.states(), type)));
    AdminEdge edge = new AdminEdge(settings.admin(), settings.http(), handlers);
    return vertx
        .deployVerticle(edge)
        .map(
            _ -> {
              adminPort = edge.port();
              return null;
            });
  }

  /** For who serves no file: without a cache of them a killed process leaves no folder in /tmp. */
  public static FileSystemOptions noFolder() {
    return new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
  }

  private Holds holds() {
    return holds;
  }

  private EventLoop nextLoop() {
    return edges.get(Math.floorMod(nextEdge.getAndIncrement(), edges.size())).loop();
  }

  /** How long an attempt may take, at any job server. */
  private Duration longestAttempt() {
    return running
        .map(parts -> parts.backends().longestAttempt())
        .orElse(settings.jobServer().timeout());
  }

  /** From now on there are {@code routes}; held requests stay held. */
  public void change(Routes routes) {
    running.ifPresent(parts -> parts.routes().to(routes));
  }

  /** The admin listener's port; 0 until {@link #start} has completed. */
  public int adminPort() {
    return adminPort;
  }

  private int port() {
    return edges.getFirst().port();
  }

  /** How many requests are held now. */
  public int held() {
    return holds.count();
  }

  /** How many deadlines are set, of requests, connections and attempts. */
  public int deadlines() {
    return edges.stream().mapToInt(Edge::deadlines).sum();
  }

  /** How many event streams are open. */
  public int followers() {
    return watches.count();
  }

  /** How many connections have been accepted and are open, on both listeners. */
  public int connections() {
    return transport.open();
  }

  /**
   * Stops: takes no new jobs, answers the held requests, lets attempts end, and closes. Completes
   * when all of it is done, 35 s and one attempt's time later at most.
   */
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    if (closing.compareAndSet(null, closed.future())) {
      shutDown().onComplete(closed);
    }
    Future<Void> begun = closing.get();
    return begun != null ? begun : closed.future();
  }

  private Future<Void> shutDown() {
    lifecycle.enter(Stage.DRAINING);
    renewal.ifPresent(Renewal::close);
    Drain drain = new Drain(vertx, holds);
    boolean inUse = holds.count() > 0;
    return drain
        .holds()
        .compose(_ -> running.map(parts -> stop(parts, drain)).orElse(Future.succeededFuture()))
        .transform(_ -> vertx.executeBlocking(() -> closeWayBack(inUse)))
        .transform(_ -> vertx.executeBlocking(monitoring::close))
        .transform(_ -> vertx.close());
  }

  private boolean closeWayBack(boolean inUse) {
    wayBack.close(inUse);
    return true;
  }

  private Future<Void> stop(Running parts, Drain drain) {
    parts.sweeper().close();
    parts.heldCheck().ifPresent(HeldCheck::close);
    List<Backend> backends = parts.backends().all();
    return Future.join(backends.stream().map(backend -> backend.dispatcher().close()).toList())
        .transform(_ -> drain.attempts(backends))
        .transform(_ -> drain.earlyCallbacks(parts.callbacks()))
        .transform(_ -> parts.store().close());
  }
}
