package io.asyncproxy.cli;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One request, and all that its client was told about it. Thread-safe. */
final class Asked {
  private final int number;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  /** Half of them have a key, a third wants no connection held, a fifth shares an account. */
  Asked(int number) {
    this.number = number;
  }

  String marker() {
    return "marker-" + number;
  }

  boolean hasKey() {
    return number % 2 == 0;
  }

  boolean isAsync() {
    return number % 3 == 0;
  }

  private String account() {
    return number % 5 == 0 ? "shared-" + number % 100 : marker();
  }

  /** Sends it, the same way each time. */
  Future<Answer> sendTo(ProxyPort proxy) {
    Map<String, String> headers = new HashMap<>();
    if (hasKey()) {
      headers.put("Idempotency-Key", "key-" + number);
    }
    if (isAsync()) {
      headers.put("Prefer", "respond-async");
    }
    String body = new JsonObject().put("account", account()).put("marker", marker()).encode();
    return proxy.post("/proxy", headers, body).onSuccess(this::remember);
  }

  private void remember(Answer answer) {
    if (answer.job().isPresent()) {
      answers.add(answer);
    }
  }

  /** The answers about a job; those that say that there is none are left out. */
  List<Answer> answers() {
    return List.copyOf(answers);
  }

  Optional<String> job() {
    return answers().stream().findFirst().flatMap(Answer::job);
  }

  @Override
  public String toString() {
    return "request %d (%s, %s)"
        .formatted(number, hasKey() ? "key" : "no key", isAsync() ? "async" : "held");
  }
}
