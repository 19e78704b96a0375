package io.asyncproxy;

import io.asyncproxy.hold.Holds;
import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Lifecycle;
import io.asyncproxy.store.redis.RedisNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** This process among the nodes of the service: the only one, where the store is not shared. */
final class Node {
  private final String id;
  private final InstantSource clock;
  private final Instant startedAt;
  private final Lifecycle lifecycle;
  private final Holds holds;

  Node(String id, InstantSource clock, Lifecycle lifecycle, Holds holds) {
    this.id = id;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.lifecycle = lifecycle;
    this.holds = holds;
  }

  /** A name that no other node has. */
  static String newId() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  String id() {
    return id;
  }

  /** What is told of this node. */
  JsonObject json() {
    return new JsonObject()
        .put("id", id)
        .put("state", lifecycle.stage().label())
        .put("started_at", JobView.time(startedAt))
        .put("seen_at", JobView.time(clock.instant()))
        .put("held", holds.count());
  }

  /** The list of living nodes: this one, and those that share its store. */
  Future<JsonObject> list(Optional<RedisNode> others) {
    return others
        .map(RedisNode::living)
        .orElseGet(() -> Future.succeededFuture(List.of(json())))
        .map(nodes -> new JsonObject().put("items", new JsonArray(nodes)));
  }
}
