package io.asyncproxy.api;

import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Lifecycle.Stage;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /health}, {@code /livez} and {@code /readyz}, the latter two as Kubernetes means them. */
public final class HealthHandler {
  private final Services services;

  /** A handler. */
  public HealthHandler(Services services) {
    this.services = services;
  }

  /** 200 while serving. */
  public Endpoint health() {
    return get(
        "/health",
        () ->
            services.lifecycle().stage() == Stage.SERVING
                ? ok("OK")
                : Future.succeededFuture(notServing().reply()));
  }

  /** 200 while the process runs. */
  public Endpoint live() {
    return get("/livez", () -> ok("OK"));
  }

  /** 200 while new jobs should be sent here. */
  public Endpoint ready() {
    return get(
        "/readyz",
        () ->
            services
                .store()
                .check()
                .compose(_ -> services.store().promise())
                .transform(store -> readiness(store.result(), store.cause())));
  }

  private Future<Reply> readiness(
      @org.jspecify.annotations.Nullable String promise,
      @org.jspecify.annotations.Nullable Throwable storeFailure) {
    Stage stage = services.lifecycle().stage();
    JsonObject checks =
        new JsonObject()
            .put("lifecycle", stage.label())
            .put("store", storeFailure == null ? "ok" : String.valueOf(storeFailure.getMessage()));
    if (promise != null) {
      checks.put("durability", promise);
    }
    boolean ready = stage == Stage.SERVING && storeFailure == null;
    for (ReadinessCheck check : services.checks()) {
      Optional<String> trouble = check.trouble().get();
      checks.put(check.name(), trouble.orElse("ok"));
      ready &= trouble.isEmpty();
    }
    Reply reply =
        ready
            ? Reply.json(200, new JsonObject().put("status", "ready").put("checks", checks))
            : Problem.of(503, "Not ready").with("checks", checks).retryAfter(1).reply();
    return Future.succeededFuture(reply);
  }

  private Problem notServing() {
    return Problem.of(503, "Not serving: " + services.lifecycle().stage().label()).retryAfter(1);
  }

  private Future<Reply> ok(String status) {
    JsonObject body =
        new JsonObject()
            .put("status", status)
            .put("timestamp", JobView.time(services.clock().instant()));
    return Future.succeededFuture(Reply.json(200, body));
  }

  private static Endpoint get(String path, Supplier<Future<Reply>> answer) {
    return new Endpoint(path, Map.of(HttpMethod.GET, _ -> answer.get()));
  }
}
