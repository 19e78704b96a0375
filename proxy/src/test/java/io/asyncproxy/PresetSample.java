package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.ScriptedApi.Answer;
import io.asyncproxy.ScriptedApi.Asked;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** How the API of a preset answers and calls back, by messages as its documentation shows them. */
final class PresetSample {
  /** How far the job is, as the API knows it. */
  enum Stage {
    RUNNING,
    DONE,
    FAILED
  }

  /** A body and its media type. */
  record Content(String type, byte[] body) {
    static Content json(String body) {
      return new Content("application/json", body.getBytes(UTF_8));
    }

    static Content form(String body) {
      return new Content("application/x-www-form-urlencoded", body.getBytes(UTF_8));
    }

    String text() {
      return new String(body, UTF_8);
    }

    Answer answer() {
      return new Answer(200, Map.of("Content-Type", type), body);
    }
  }

  /** A callback, without what it proves itself by. */
  record Call(Content content, Map<String, String> headers) {
    static Call json(String body) {
      return new Call(Content.json(body), Map.of());
    }
  }

  /** What callbacks prove themselves by: header fields for a body. */
  interface Proof {
    Map<String, String> of(byte[] body);
  }

  /** Where the API says how far the job is, and what it says. */
  record Resource(String uri, Content running, Content done, Content failed) {
    Answer at(Stage stage) {
      return switch (stage) {
        case RUNNING -> running.answer();
        case DONE -> done.answer();
        case FAILED -> failed.answer();
      };
    }
  }

  final String preset;
  final Map<String, String> variables = new LinkedHashMap<>();
  String baseUrlVariable = "";
  String basePath = "";
  String path = "/mine";
  Content request = Content.json("{}");
  String started = "";
  Consumer<Asked> start = _ -> {};
  Answer answer = Answer.json(200, "{}");
  Function<Asked, String> callbackUrl = _ -> "";
  boolean byId;
  Call completed = Call.json("{}");
  Call failed = Call.json("{}");
  Optional<Call> progress = Optional.empty();
  Optional<Proof> proof = Optional.empty();
  Proof wrongProof = _ -> Map.of();
  Content result = Content.json("{}");
  Content failure = Content.json("{}");
  int failedStatus = 422;
  Optional<Resource> resource = Optional.empty();
  volatile Stage stage = Stage.RUNNING;

  PresetSample(String preset) {
    this.preset = preset;
  }

  /** The API's base URL is in {@code variable}, with {@code path} after it. */
  PresetSample at(String variable, String path) {
    baseUrlVariable = variable;
    basePath = path;
    return this;
  }

  PresetSample with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /** What a client sends, and where. */
  PresetSample client(String to, Content content) {
    path = to;
    request = content;
    return this;
  }

  /** What reaches the API then: method and path, and what else {@code check} says. */
  PresetSample starts(String methodAndPath, Consumer<Asked> check, Answer answered) {
    started = methodAndPath;
    start = check;
    answer = answered;
    return this;
  }

  PresetSample callsBack(Function<Asked, String> to) {
    callbackUrl = to;
    return this;
  }

  PresetSample completes(Call with, Content clientGets) {
    completed = with;
    result = clientGets;
    return this;
  }

  PresetSample fails(Call with, int status, Content clientGets) {
    failed = with;
    failedStatus = status;
    failure = clientGets;
    return this;
  }

  PresetSample progresses(Call with) {
    progress = Optional.of(with);
    return this;
  }

  PresetSample proves(Proof right, Proof wrong) {
    proof = Optional.of(right);
    wrongProof = wrong;
    return this;
  }

  PresetSample findsById() {
    byId = true;
    return this;
  }

  PresetSample says(Resource where) {
    resource = Optional.of(where);
    return this;
  }

  /** What the API answers now. */
  Answer answer(Asked asked) {
    if (!asked.method().equals("GET")) {
      return answer;
    }
    return resource
        .filter(known -> known.uri().equals(asked.uri()))
        .map(known -> known.at(stage))
        .orElseGet(() -> Answer.json(404, "{\"error\":\"not found\"}"));
  }

  @Override
  public String toString() {
    return preset;
  }
}
