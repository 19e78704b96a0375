package io.asyncproxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.deadletter.DeadLetters;
import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Endpoint.Handler;
import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.http.Specification;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Lifetimes;
import io.asyncproxy.store.Counts;
import io.asyncproxy.store.JobQuery;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Verdict;
import io.asyncproxy.timeline.Journal;
import io.asyncproxy.timeline.Moment;
import io.asyncproxy.timeline.Timeline;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the admin API does. */
public final class AdminHandlers {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final Counts NOTHING_KNOWN = new Counts(-1, -1);

  /**
   * What the admin API shows and acts on.
   *
   * @param store where the jobs are
   * @param deadLetters those that were given up
   * @param strays dead letters that are no jobs
   * @param lifetimes how long jobs are kept
   * @param clock the time that is stored
   * @param nodes the living nodes
   * @param config the settings, secrets masked
   * @param live how the service does, with so many of the last seconds
   * @param journal what this process remembers of jobs
   * @param metrics the metrics, given what the store holds, in a media type
   */
  public record Services(
      JobStore store,
      DeadLetters deadLetters,
      StrayLetters strays,
      Lifetimes lifetimes,
      InstantSource clock,
      Supplier<Future<JsonObject>> nodes,
      Supplier<JsonObject> config,
      IntFunction<LiveView> live,
      Journal journal,
      BiFunction<Counts, String, String> metrics) {}

  private final Services services;
  private final Map<String, Endpoint> fixed;

  /** Handlers for {@code services}. */
  public AdminHandlers(Services services) {
    this.services = services;
    this.fixed =
        Stream.of(
                Specification.endpoint(),
                on("/metrics", HttpMethod.GET, this::metrics),
                on("/admin/jobs", HttpMethod.GET, this::jobs),
                on("/admin/dead-letters", HttpMethod.GET, this::deadLetters),
                on("/admin/dead-letters/replay", HttpMethod.POST, this::replayAll),
                on(
                    "/admin/nodes",
                    HttpMethod.GET,
                    _ -> services.nodes().get().map(nodes -> Reply.json(200, nodes))),
                on("/admin/live", HttpMethod.GET, this::live),
                on("/admin/config", HttpMethod.GET, _ -> json(services.config().get())))
            .collect(Collectors.toUnmodifiableMap(Endpoint::route, Function.identity()));
  }

  private static Endpoint on(String route, HttpMethod method, Handler handler) {
    return new Endpoint(route, Map.of(method, handler));
  }

  private static Future<Reply> json(JsonObject body) {
    return Future.succeededFuture(Reply.json(200, body));
  }

  /** The endpoint of {@code path}. */
  public Optional<Endpoint> find(String path) {
    Endpoint known = fixed.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    String[] parts = path.split("/", -1);
    return parts.length < 4 || !parts[1].equals("admin") ? Optional.empty() : ofOne(parts);
  }

  private Optional<Endpoint> ofOne(String[] parts) {
    String kind = parts[2];
    if (parts.length == 4 && kind.equals("jobs")) {
      JobId id = id(parts[3]);
      return Optional.of(
          new Endpoint(
              "/admin/jobs/{id}",
              Map.of(HttpMethod.GET, _ -> job(id), HttpMethod.DELETE, _ -> cancel(id))));
    }
    if (parts.length == 4 && kind.equals("dead-letters")) {
      JobId id = id(parts[3]);
      return Optional.of(
          new Endpoint(
              "/admin/dead-letters/{id}",
              Map.of(HttpMethod.GET, _ -> letter(id), HttpMethod.DELETE, _ -> discard(id))));
    }
    boolean replay = parts.length == 5 && kind.equals("dead-letters") && parts[4].equals("replay");
    return replay
        ? Optional.of(
            on("/admin/dead-letters/{id}/replay", HttpMethod.POST, _ -> replay(id(parts[3]))))
        : Optional.empty();
  }

  private static JobId id(String text) {
    return JobId.parse(text).orElseThrow(() -> Problem.of(404, "No such job").exception());
  }

  private Future<Reply> metrics(Request request) {
    String accept = request.header("Accept");
    boolean open = accept != null && accept.contains("application/openmetrics-text");
    String type = open ? OPEN_METRICS : PROMETHEUS;
    return services
        .store()
        .counts()
        .otherwise(NOTHING_KNOWN) // the other figures are worth most when the store is away
        .map(
            counts ->
                new Reply(
                    200, type, services.metrics().apply(counts, type).getBytes(UTF_8), Map.of()));
  }

  private Future<Reply> live(Request request) {
    return json(services.live().apply(new Query(request.params()).points()).json());
  }

  private Future<Reply> jobs(Request request) {
    Query query = new Query(request.params());
    int limit = query.limit();
    return services
        .store()
        .list(
            new JobQuery(
                query.states(), query.account(), query.reason(), query.cursor(), limit + 1))
        .map(found -> Page.of(found, limit));
  }

  private Future<Reply> deadLetters(Request request) {
    Query query = new Query(request.params());
    int limit = query.limit();
    boolean jobs = query.stray().isEmpty();
    boolean strays = !jobs || query.reason().isEmpty();
    Future<List<Job>> letters =
        jobs
            ? services.deadLetters().list(query.reason(), query.cursor(), limit + 1)
            : Future.succeededFuture(List.of());
    Future<List<Note>> others =
        strays
            ? services
                .strays()
                .list(query.stray().orElse(Note.Kind.UNDELIVERED), query.cursor(), limit + 1)
            : Future.succeededFuture(List.of());
    return Future.all(letters, others)
        .map(
            _ ->
                Page.ofViews(
                    StrayLetters.merged(
                        letters.result().stream().map(JobView::summary).toList(),
                        others.result(),
                        limit + 1),
                    limit));
  }

  private Future<Reply> job(JobId id) {
    return services.store().find(id).compose(found -> detail(found, "No such job"));
  }

  private Future<Reply> letter(JobId id) {
    return services
        .deadLetters()
        .find(id)
        .compose(found -> found.isPresent() ? detail(found, "") : stray(id));
  }

  private Future<Reply> stray(JobId id) {
    return services
        .strays()
        .find(id)
        .map(
            found ->
                found
                    .map(note -> Reply.json(200, StrayLetters.view(note, true)))
                    .orElseThrow(() -> Problem.of(404, "No such dead letter").exception()));
  }

  private Future<Reply> detail(Optional<Job> found, String otherwise) {
    Job job = found.orElseThrow(() -> Problem.of(404, otherwise).exception());
    List<Moment> timeline = Timeline.of(job, services.journal().of(job.id()));
    return services
        .store()
        .conflicts(job.id())
        .map(conflicts -> JobDetail.of(job, conflicts, timeline));
  }

  private Future<Reply> cancel(JobId id) {
    Instant now = services.clock().instant();
    return services
        .store()
        .apply(id, new Change.Cancel(now, now.plus(services.lifetimes().retention())))
        .map(
            verdict ->
                switch (verdict) {
                  case Verdict.Applied _ -> Reply.empty(204);
                  case Verdict.Unknown _ -> throw Problem.of(404, "No such job").exception();
                  case Verdict.Refused(Job job) ->
                      throw Problem.of(409, "The job is finished: " + job.state().label())
                          .with("job", id.toString())
                          .with("state", job.state().label())
                          .exception();
                });
  }

  private Future<Reply> discard(JobId id) {
    return services
        .deadLetters()
        .discard(id)
        .compose(gone -> gone ? Future.succeededFuture(true) : services.strays().discard(id))
        .map(
            gone -> {
              if (!gone) {
                throw Problem.of(404, "No such dead letter").exception();
              }
              return Reply.empty(204);
            });
  }

  private Future<Reply> replay(JobId id) {
    return services
        .deadLetters()
        .find(id)
        .compose(
            found ->
                found.isPresent()
                    ? services
                        .deadLetters()
                        .replay(found.get(), services.clock().instant())
                        .map(AdminHandlers::replayed)
                    : deliverAgain(id));
  }

  private Future<Reply> deliverAgain(JobId id) {
    return services
        .strays()
        .deliverAgain(id)
        .compose(
            done -> done ? Future.succeededFuture(replayed(id)) : stray(id).map(_ -> nothing()));
  }

  private static Reply nothing() {
    return Problem.of(409, "A callback without a job can't be replayed").reply();
  }

  private static Reply replayed(JobId job) {
    return Reply.json(201, new JsonObject().put("id", job.toString()))
        .header("Location", "/admin/jobs/" + job);
  }

  private Future<Reply> replayAll(Request request) {
    Query query = new Query(request.params());
    if (query.stray().isPresent()) {
      throw Problem.of(400, "Only jobs are replayed by reason").exception();
    }
    return BulkReplay.of(services.deadLetters(), services.clock(), query.reason())
        .map(done -> Reply.json(200, done));
  }
}
