package io.asyncproxy.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among the nodes of the service: says every few seconds that it lives, knows who else
 * does, and hears which jobs changed elsewhere. Times are Redis' own, so that no node's clock has
 * to be right. What it hears only wakes: who missed it looks again by itself.
 */
public final class RedisNode {
  private static final Logger LOG = LoggerFactory.getLogger(RedisNode.class);
  private static final int BEAT_MILLIS = 3_000;
  private static final int DEAD_AFTER_SECONDS = 10;
  private static final int AGAIN_MILLIS = 500;

  private final Vertx vertx;
  private final Context context;
  private final Redis redis;
  private final RedisCommands commands;
  private final boolean cluster;
  private final String id;
  private Consumer<News> onChange = news -> {};
  private Supplier<JsonObject> self = JsonObject::new;
  private @Nullable RedisConnection listening;
  private volatile List<JsonObject> living = List.of();
  private long timer = -1;
  private volatile boolean closed;

  /**
   * A node.
   *
   * @param cluster whether {@code redis} is a cluster, where each subscription may go to another of
   *     its nodes
   */
  RedisNode(Vertx vertx, Redis redis, boolean cluster, RedisCommands commands, String id) {
    this.cluster = cluster;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.commands = commands;
    this.id = id;
  }

  String id() {
    return id;
  }

  void onChange(Consumer<News> listener) {
    this.onChange = listener;
  }

  /** Begins to live; {@code json} is what others are told of this node. */
  public Future<Void> join(Supplier<JsonObject> json) {
    this.self = json;
    this.timer = vertx.setPeriodic(BEAT_MILLIS, _ -> beatAgain());
    context.runOnContext(_ -> listen());
    return beat();
  }

  private void beatAgain() {
    beat().onFailure(_ -> {});
    context.runOnContext(_ -> askWhetherItStands());
  }

  /**
   * Asked again and again, so that a subscription whose other end is gone is noticed, and made
   * anew.
   */
  private void askWhetherItStands() {
    RedisConnection stands = listening;
    if (stands != null && !cluster) {
      stands.send(subscription()).onFailure(_ -> {});
    }
  }

  private Request subscription() {
    return Request.cmd(Command.SUBSCRIBE).arg(Keys.channel(id));
  }

  private Future<Void> beat() {
    return closed
        ? Future.succeededFuture()
        : tell(self.get().encode()).onSuccess(nodes -> living = nodes).mapEmpty();
  }

  private Future<List<JsonObject>> tell(String json) {
    return commands
        .run(
            Scripts.NODES,
            List.of(Keys.NODES, Keys.NODES_INFO),
            List.of(
                RedisCommands.bytes(id),
                RedisCommands.bytes(json),
                RedisCommands.bytes(Integer.toString(DEAD_AFTER_SECONDS))))
        .map(RedisNode::nodes);
  }

  private static List<JsonObject> nodes(Response list) {
    List<JsonObject> nodes = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      nodes.add(new JsonObject(list.get(i).toString(UTF_8)));
    }
    nodes.sort(Comparator.comparing(node -> node.getString("id", "")));
    return nodes;
  }

  /** The living nodes, as they are now. */
  public Future<List<JsonObject>> living() {
    return beat().map(_ -> living);
  }

  /** How many nodes lived when this one last looked. */
  public int count() {
    return living.size();
  }

  private void listen() {
    if (closed) {
      return;
    }
    redis
        .connect()
        .onComplete(made -> context.runOnContext(_ -> subscribe(made)), _ -> listenAgain());
  }

  private void subscribe(RedisConnection made) {
    listening = made;
    made.handler(this::heard);
    made.exceptionHandler(failure -> LOG.debug("Not hearing of changes: {}", failure.getMessage()));
    made.endHandler(_ -> context.runOnContext(_ -> ended(made)));
    made.send(subscription())
        .onFailure(
            failure -> {
              LOG.warn(
                  "Not hearing of changes on other nodes: {}; held clients are answered up to 2 s"
                      + " later",
                  failure.getMessage());
              made.close();
            });
  }

  private void ended(RedisConnection gone) {
    if (gone.equals(listening)) { // once: a cluster's has several sockets
      listening = null;
      gone.close();
      listenAgain();
    }
  }

  private void listenAgain() {
    if (!closed) {
      vertx.setTimer(AGAIN_MILLIS, _ -> context.runOnContext(_ -> listen()));
    }
  }

  private void heard(Response message) {
    if (message != null
        && message.size() == 3
        && "message".equals(String.valueOf(message.get(0)))) {
      News.read(message.get(2).toBytes()).ifPresent(onChange);
    }
  }

  /** Lives no more: the others see it at once. */
  Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    return tell("")
        .<Void>mapEmpty()
        .otherwiseEmpty()
        .onComplete(
            _ ->
                context.runOnContext(
                    _ -> {
                      if (listening != null) {
                        listening.close();
                      }
                    }));
  }
}
