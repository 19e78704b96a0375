package io.asyncproxy.cli;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Compares what clients and the job server were told with what the proxy knows in the end. */
final class CrashFindings {
  private static final int AT_ONCE = 100;
  private static final String STORED = "200 {\"status\":\"stored\"}";
  private static final String DUPLICATE = "200 {\"status\":\"duplicate\"}";

  private final ProxyPort proxy;
  private final Map<String, RecordedJob> started;
  private final Collection<Asked> asked;
  private final List<String> wrong = new ArrayList<>();

  /** Jobs that surely were not started in time: their keys are free again. */
  private final Set<String> keyless = new HashSet<>();

  CrashFindings(ProxyPort proxy, Collection<RecordedJob> started, Collection<Asked> asked) {
    this.proxy = proxy;
    this.asked = asked;
    this.started =
        started.stream().collect(Collectors.toMap(RecordedJob::proxyId, Function.identity()));
  }

  /** Everything that is not as promised; empty when all is well. */
  List<String> wrong() throws Exception {
    started.values().forEach(this::checkStarts);
    checkJobs();
    checkAnswers();
    checkKeys();
    return wrong;
  }

  private void checkStarts(RecordedJob job) {
    require(job.starts() == 1, job.proxyId() + " was started " + job.starts() + " times");
    List<String> receipts = job.receipts();
    long stored = receipts.stream().filter(STORED::equals).count();
    require(stored <= 1, job.proxyId() + " was stored twice: " + receipts);
    require(
        !receipts.isEmpty() && receipts.stream().allMatch(Set.of(STORED, DUPLICATE)::contains),
        job.proxyId() + "'s callbacks were answered " + receipts);
  }

  /** Every job that the job server or a client knows of is there, finished, with its own result. */
  private void checkJobs() throws Exception {
    Set<String> known = new HashSet<>(started.keySet());
    asked.stream().map(Asked::job).flatMap(Optional::stream).forEach(known::add);
    inTurn(known, job -> proxy.get("/proxy/jobs/" + job, Map.of()), this::checkJob);
  }

  private void checkJob(String job, Answer answer) {
    Optional<RecordedJob> ran = Optional.ofNullable(started.get(job));
    String state =
        answer.status() == 200 ? new JsonObject(answer.body()).getString("state") : "missing";
    if (ran.isPresent()) {
      require(state.equals("completed"), job + " ran and was called back, and is " + state);
      String end = ",\"result\":" + ran.get().result() + "}";
      require(answer.body().endsWith(end), job + " has another result: " + answer.body());
    } else {
      require(state.equals("expired"), job + " never got to the job server, and is " + state);
      if (answer.body().contains("\"reason\":\"not_started\"")) {
        keyless.add(job);
      }
    }
  }

  /** Whatever a client was told is about one job, and a result is that job's and its own. */
  private void checkAnswers() {
    for (Asked request : asked) {
      Set<Optional<String>> jobs =
          request.answers().stream().map(Answer::job).collect(Collectors.toSet());
      jobs.removeIf(job -> keyless.contains(job.orElseThrow()));
      require(jobs.size() <= 1, request + " was told of the jobs " + jobs);
      request.answers().stream()
          .filter(answer -> answer.status() == 200)
          .forEach(answer -> checkResult(request, answer));
    }
  }

  private void checkResult(Asked request, Answer answer) {
    RecordedJob job = started.get(answer.job().orElseThrow());
    require(
        job != null && answer.body().equals(job.result()),
        request + " was told something that is not its job's result: " + answer.body());
    String marker = new JsonObject(answer.body()).getString("marker");
    require(marker.equals(request.marker()), request + " was told the result of " + marker);
  }

  /** Who asks again with its key hears of the same job, and that it is a repetition. */
  private void checkKeys() throws Exception {
    Predicate<Asked> repeatable =
        request ->
            request.hasKey() && request.job().filter(job -> !keyless.contains(job)).isPresent();
    List<Asked> repeated = asked.stream().filter(repeatable).toList();
    inTurn(
        repeated,
        request -> request.sendTo(proxy),
        (request, answer) -> {
          require(
              answer.job().equals(request.job()),
              request + " made " + request.job() + " and, repeated, " + answer.job());
          require(answer.header("Idempotency-Replayed").isPresent(), request + " was not replayed");
          int expected = started.containsKey(request.job().orElseThrow()) ? 200 : 504;
          require(answer.status() == expected, request + " was replayed with " + answer.status());
          if (answer.status() == 200) {
            checkResult(request, answer);
          }
        });
  }

  private void require(boolean fine, String complaint) {
    if (!fine) {
      wrong.add(complaint);
    }
  }

  /** What is done with a question's answer. */
  @FunctionalInterface
  private interface Check<T> {
    void of(T question, Answer answer);
  }

  private static <T> void inTurn(
      Collection<T> questions, Function<T, Future<Answer>> ask, Check<T> check) throws Exception {
    List<T> all = List.copyOf(questions);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<T> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      List<Future<Answer>> answers = some.stream().map(ask).toList();
      for (int i = 0; i < some.size(); i++) {
        check.of(some.get(i), answers.get(i).await(60, TimeUnit.SECONDS));
      }
    }
  }
}
