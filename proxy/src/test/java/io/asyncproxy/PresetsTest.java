package io.asyncproxy;

import static io.asyncproxy.RunningProxy.header;
import static io.asyncproxy.RunningProxy.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.PresetSample.Call;
import io.asyncproxy.PresetSample.Content;
import io.asyncproxy.PresetSample.Proof;
import io.asyncproxy.PresetSample.Stage;
import io.asyncproxy.ScriptedApi.Asked;
import io.asyncproxy.route.Presets;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each preset speaks its API: in three lines, from the request to the worst that can happen. */
class PresetsTest extends RouteFixture {
  private static final Path PAGES = Path.of("..", "docs", "routes");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");
  private static final Pattern YAML = Pattern.compile("(?s)( *)```yaml\n(.*?)```");

  /** Nothing is asked meanwhile, however slow the machine: what a callback does is seen alone. */
  private static final String UNASKED = "    status: {every: 1h}\n";

  static Stream<PresetSample> all() {
    return PresetSamples.all();
  }

  static Stream<PresetSample> progressing() {
    return all().filter(sample -> sample.progress.isPresent());
  }

  static Stream<PresetSample> proving() {
    return all().filter(sample -> sample.proof.isPresent());
  }

  static Stream<PresetSample> withTokens() {
    return all().filter(sample -> !sample.byId);
  }

  static Stream<PresetSample> asked() {
    return all().filter(sample -> sample.resource.isPresent());
  }

  private static String threeLines(PresetSample sample) {
    return "routes:\n  mine:\n    preset: " + sample.preset + '\n';
  }

  private void run(PresetSample sample, String yaml) throws Exception {
    variable(sample.baseUrlVariable, api.url() + sample.basePath);
    sample.variables.forEach(this::variable);
    start(yaml);
    api.on(sample::answer);
  }

  /** Runs it so that only callbacks are heard. */
  private void runUnasked(PresetSample sample) throws Exception {
    run(sample, threeLines(sample) + (sample.resource.isPresent() ? UNASKED : ""));
  }

  private CompletableFuture<HttpResponse<byte[]>> request(PresetSample sample, String prefer) {
    return post(
        sample.path,
        sample.request.body(),
        "Content-Type",
        sample.request.type(),
        "Prefer",
        prefer);
  }

  /** The start as it should be; the URL that the API calls back. */
  private String started(PresetSample sample) throws Exception {
    Asked asked = api.next();
    assertThat(asked.method() + ' ' + asked.uri().replaceFirst("\\?.*", ""))
        .isEqualTo(sample.started);
    sample.start.accept(asked);
    if (!sample.byId) {
      return sample.callbackUrl.apply(asked);
    }
    String fixed = proxy.uri("/proxy/callback/mine").toString();
    // What finds a job by the API's id is written when the API has told it.
    Eventually.that(
        () -> assertThat(status(call(sample, fixed, progress(sample)))).isEqualTo("progress"));
    return fixed;
  }

  private static Call progress(PresetSample sample) {
    return sample.progress.orElseThrow();
  }

  private HttpResponse<byte[]> call(PresetSample sample, String url, Call call) throws Exception {
    return call(url, call, sample.proof.orElse(_ -> Map.of()));
  }

  private HttpResponse<byte[]> call(String url, Call call, Proof proof) throws Exception {
    List<String> headers = new ArrayList<>(List.of("Content-Type", call.content().type()));
    call.headers().forEach((name, value) -> headers.addAll(List.of(name, value)));
    proof.of(call.content().body()).forEach((name, value) -> headers.addAll(List.of(name, value)));
    return callBack(url, call.content().body(), headers.toArray(String[]::new));
  }

  private static String status(HttpResponse<byte[]> receipt) {
    return json(receipt).getString("status");
  }

  private static void isContent(HttpResponse<byte[]> answer, int status, Content content) {
    assertThat(answer.body()).asString().isEqualTo(content.text());
    assertThat(answer.body()).isEqualTo(content.body());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).isEqualTo(content.type());
  }

  private String view(String job) throws Exception {
    return new String(proxy.get("/proxy/jobs/" + job).body(), UTF_8);
  }

  /** A client that does not wait: its job, which runs. */
  private String running(HttpResponse<byte[]> accepted) {
    assertThat(accepted.statusCode()).isEqualTo(202);
    String job = header(accepted, "Job-Id");
    Eventually.that(
        () -> assertThat(view(job)).contains("\"state\":\"running\"").contains("started_at"));
    return job;
  }

  @ParameterizedTest
  @MethodSource("all")
  void threeLinesAreEnough(PresetSample sample) throws Exception {
    String yaml = threeLines(sample);
    assertThat(yaml.lines()).hasSize(3);
    run(sample, yaml);
    var held = request(sample, "wait=60");
    String callback = started(sample);
    sample.stage = Stage.DONE;
    // Where the API is asked meanwhile, the callback is a duplicate: the client gets the same.
    assertThat(status(call(sample, callback, sample.completed))).isIn("stored", "duplicate");
    isContent(get(held), 200, sample.result);
  }

  @ParameterizedTest
  @MethodSource("all")
  void resultsComeByteForByteAndTheSameCallbackAgainIsADuplicate(PresetSample sample)
      throws Exception {
    runUnasked(sample);
    var held = request(sample, "wait=60");
    String callback = started(sample);
    sample.stage = Stage.DONE;
    assertThat(status(call(sample, callback, sample.completed))).isEqualTo("stored");
    isContent(get(held), 200, sample.result);
    HttpResponse<byte[]> again = call(sample, callback, sample.completed);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(status(again)).isEqualTo("duplicate");
    String job = header(get(held), "Job-Id");
    isContent(proxy.get("/proxy/jobs/" + job + "/result"), 200, sample.result);
  }

  @ParameterizedTest
  @MethodSource("all")
  void failuresAreToldAsWhatTheApiSays(PresetSample sample) throws Exception {
    runUnasked(sample);
    var held = request(sample, "wait=60");
    String callback = started(sample);
    sample.stage = Stage.FAILED;
    assertThat(status(call(sample, callback, sample.failed))).isEqualTo("stored");
    isContent(get(held), sample.failedStatus, sample.failure);
    assertThat(view(header(get(held), "Job-Id"))).contains("\"state\":\"failed\"");
    assertThat(status(call(sample, callback, sample.failed))).isEqualTo("duplicate");
  }

  @ParameterizedTest
  @MethodSource("progressing")
  void progressIsSeenAndEndsNothing(PresetSample sample) throws Exception {
    runUnasked(sample);
    var accepted = request(sample, "respond-async");
    String callback = started(sample);
    String job = running(get(accepted));
    assertThat(status(call(sample, callback, progress(sample)))).isEqualTo("progress");
    assertThat(view(job)).contains("\"progress\":").contains("\"state\":\"running\"");
    sample.stage = Stage.DONE;
    assertThat(status(call(sample, callback, sample.completed))).isEqualTo("stored");
    // What comes after the end, out of order, ends nothing either.
    assertThat(status(call(sample, callback, progress(sample)))).isEqualTo("progress");
    assertThat(view(job)).contains("\"state\":\"completed\"");
  }

  @ParameterizedTest
  @MethodSource("proving")
  void unprovenCallbacksChangeNothing(PresetSample sample) throws Exception {
    runUnasked(sample);
    var accepted = request(sample, "respond-async");
    String callback = started(sample);
    String job = running(get(accepted));
    String before = view(job);
    sample.stage = Stage.DONE;
    Proof right = sample.proof.orElseThrow();
    assertThat(call(callback, sample.completed, sample.wrongProof).statusCode()).isEqualTo(401);
    assertThat(call(callback, sample.completed, _ -> Map.of()).statusCode()).isEqualTo(401);
    assertThat(view(job)).isEqualTo(before);
    assertThat(status(call(callback, sample.completed, right))).isEqualTo("stored");
  }

  @ParameterizedTest
  @MethodSource("withTokens")
  void callbackUrlsAreUnforgeable(PresetSample sample) throws Exception {
    runUnasked(sample);
    var accepted = request(sample, "respond-async");
    String callback = started(sample);
    String job = running(get(accepted));
    String before = view(job);
    sample.stage = Stage.DONE;
    int middle = callback.length() - ".mine".length() - 20;
    char other = callback.charAt(middle) == 'A' ? 'B' : 'A';
    String forged = callback.substring(0, middle) + other + callback.substring(middle + 1);
    assertThat(call(sample, forged, sample.completed).statusCode()).isEqualTo(401);
    assertThat(view(job)).isEqualTo(before);
    assertThat(status(call(sample, callback, sample.completed))).isEqualTo("stored");
  }

  @ParameterizedTest
  @MethodSource("asked")
  void lostCallbacksAreAskedFor(PresetSample sample) throws Exception {
    run(sample, threeLines(sample));
    var held = request(sample, "wait=60");
    String first = api.next().method();
    assertThat(first).isEqualTo("POST");
    Asked question = api.next();
    assertThat(question.method()).isEqualTo("GET");
    assertThat(held).isNotDone();
    sample.stage = Stage.DONE;
    isContent(get(held), 200, sample.result);
  }

  @ParameterizedTest
  @MethodSource("asked")
  void lostFailuresAreAskedFor(PresetSample sample) throws Exception {
    run(sample, threeLines(sample) + "    status: {every: 100ms}\n");
    var held = request(sample, "wait=60");
    api.next();
    sample.stage = Stage.FAILED;
    Content said = sample.resource.orElseThrow().failed();
    isContent(get(held), sample.failedStatus, said);
  }

  @ParameterizedTest
  @MethodSource("all")
  void lateResultsAreKept(PresetSample sample) throws Exception {
    runUnasked(sample);
    var held = request(sample, "wait=1");
    String callback = started(sample);
    HttpResponse<byte[]> timedOut = get(held);
    assertThat(timedOut.statusCode()).isEqualTo(504);
    sample.stage = Stage.DONE;
    assertThat(status(call(sample, callback, sample.completed))).isEqualTo("stored");
    String location = header(timedOut, "Location");
    assertThat(new String(proxy.get(location).body(), UTF_8)).contains("\"state\":\"completed\"");
    isContent(proxy.get(location + "/result"), 200, sample.result);
  }

  @Test
  void everyPresetHasASampleAndAPage() throws Exception {
    assertThat(Presets.names())
        .containsExactlyElementsOf(all().map(PresetSample::toString).toList());
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(
              pages
                  .map(page -> page.getFileName().toString().replaceFirst("\\.md$", ""))
                  .filter(name -> !name.equals("buildbot"))) // no preset: a run to repeat by hand
          .containsExactlyInAnyOrderElementsOf(Presets.names());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void pagesNameEachVariableAndTheirYamlIsRead(PresetSample sample) throws Exception {
    String page = Files.readString(PAGES.resolve(sample.preset + ".md"));
    assertThat(page).contains(threeLines(sample).replaceFirst("(?s).*preset", "preset"));
    VARIABLE
        .matcher(Presets.text(sample.preset))
        .results()
        .forEach(variable -> assertThat(page).contains('`' + variable.group(1) + '`'));
    var yaml = YAML.matcher(page).results().map(block -> block.group(2)).toList();
    assertThat(yaml.getFirst().strip().lines()).hasSize(3);
    for (String block : yaml) {
      run(sample, block.indent(-block.indexOf("routes:")));
      proxy.close();
    }
  }

  @Test
  void gotenbergBeforeEventsTellsFailuresByItsErrorUrl() throws Exception {
    PresetSample sample = PresetSamples.gotenberg();
    run(
        sample,
        threeLines(sample)
            + """
                start: {headers: {Gotenberg-Webhook-Error-Url: "{callback}"}}
                callback: {state: body:/status, failed: ["4*", "5*"]}
            """);
    var held = request(sample, "wait=60");
    Asked asked = api.next();
    String callback = asked.header("Gotenberg-Webhook-Error-Url");
    Call failed = Call.json("{\"status\": 500, \"message\": \"conversion failed\"}");
    assertThat(status(call(sample, callback, failed))).isEqualTo("stored");
    isContent(get(held), 422, failed.content());
    var second = request(sample, "wait=60");
    String other = sample.callbackUrl.apply(api.next());
    assertThat(status(call(sample, other, sample.completed))).isEqualTo("stored");
    isContent(get(second), 200, sample.result);
  }

  @Test
  void oneOfSeveralSignaturesIsEnoughWhileKeysAreRotated() throws Exception {
    PresetSample sample = PresetSamples.mux();
    runUnasked(sample);
    var held = request(sample, "wait=60");
    String callback = started(sample);
    Proof right = PresetSamples.muxSignature("my secret", 0);
    String wrong = ",v1=" + "0".repeat(64) + ',';
    Proof both =
        body ->
            Map.of("Mux-Signature", right.of(body).values().iterator().next().replace(",", wrong));
    assertThat(status(call(callback, sample.completed, both))).isEqualTo("stored");
    isContent(get(held), 200, sample.result);
  }

  @Test
  void oldSignaturesOfMuxAreWorthNothing() throws Exception {
    PresetSample sample = PresetSamples.mux();
    runUnasked(sample);
    var accepted = request(sample, "respond-async");
    String callback = started(sample);
    String job = running(get(accepted));
    Proof old = PresetSamples.muxSignature("my secret", 301);
    assertThat(call(callback, sample.completed, old).statusCode()).isEqualTo(401);
    assertThat(view(job)).contains("\"state\":\"running\"");
  }
}
