package io.asyncproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The specification as a test reads it: an object that does not say otherwise has no members but
 * those that are described.
 */
final class OpenApiDocument {
  private static final JsonMapper JSON = new JsonMapper();

  /** Of HTTP itself, and told for all answers at once in the description. */
  private static final Set<String> GENERIC =
      Set.of("date", "content-length", "content-type", "transfer-encoding", "vary");

  /** The same of requests that the proxy makes. */
  private static final Set<String> SENT =
      Set.of("host", "content-length", "content-type", "accept", "user-agent");

  /** A listener. */
  enum Side {
    PUBLIC,
    ADMIN
  }

  /** An answer, header names in lower case. */
  record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    static Answer of(HttpResponse<byte[]> response) {
      Map<String, List<String>> headers = new TreeMap<>();
      response
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      return new Answer(response.statusCode(), headers, response.body());
    }

    /** One that was read from a connection. */
    static Answer of(String raw) {
      String[] parts = raw.split("\r\n\r\n", 2);
      String[] lines = parts[0].split("\r\n");
      Map<String, List<String>> headers = new TreeMap<>();
      for (int i = 1; i < lines.length; i++) {
        String[] header = lines[i].split(": ", 2);
        headers
            .computeIfAbsent(header[0].toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
            .add(header[1]);
      }
      return new Answer(
          Integer.parseInt(lines[0].split(" ")[1]), headers, parts[1].getBytes(UTF_8));
    }

    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    String text() {
      return new String(body, UTF_8);
    }
  }

  /** Which documented answer one is, what of it is documented, and what is not. */
  record Verdict(String key, Set<String> documented, List<String> mistakes) {}

  private final JsonNode root;
  private final ObjectNode definitions;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  private final Map<JsonNode, Schema> schemas = new HashMap<>();

  OpenApiDocument(byte[] json) {
    root = JSON.readTree(json);
    definitions = (ObjectNode) local(root.path("components").path("schemas"));
    Set<String> bases = new HashSet<>();
    definitions
        .findValues("allOf")
        .forEach(parts -> parts.forEach(part -> bases.add(part.path("$ref").asString(""))));
    definitions
        .properties()
        .forEach(entry -> close(entry.getValue(), bases.contains("#/$defs/" + entry.getKey())));
  }

  /** With its references to where {@link #compiled} has what they mean. */
  private static JsonNode local(JsonNode schema) {
    return JSON.readTree(schema.toString().replace("#/components/schemas/", "#/$defs/"));
  }

  /** Only whole objects are closed, not what they are put together from. */
  private static void close(JsonNode node, boolean isPart) {
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    boolean open = schema.has("additionalProperties") || schema.has("unevaluatedProperties");
    if ((schema.has("properties") || schema.has("allOf")) && !open && !isPart) {
      schema.put("unevaluatedProperties", false);
    }
    schema.path("properties").forEach(member -> close(member, false));
    schema.path("anyOf").forEach(either -> close(either, false));
    schema.path("allOf").forEach(part -> close(part, true));
    close(schema.path("items"), false);
    close(schema.path("additionalProperties"), false);
  }

  private Stream<String> paths(Side side) {
    return root.path("paths").properties().stream()
        .filter(path -> isOn(side, path.getValue()))
        .map(Map.Entry::getKey);
  }

  private static boolean isOn(Side side, JsonNode path) {
    JsonNode servers = path.path("servers");
    boolean byDefault = servers.isMissingNode() && side == Side.PUBLIC;
    boolean named = false;
    for (JsonNode server : servers) {
      named |= (side == Side.ADMIN) == server.path("url").asString("").contains("admin");
    }
    return byDefault || named;
  }

  /** Every documented path of a listener with its methods. */
  Map<String, Set<String>> operations(Side side) {
    Map<String, Set<String>> operations = new LinkedHashMap<>();
    paths(side)
        .forEach(
            path -> {
              Set<String> methods = new TreeSet<>();
              for (String name : root.path("paths").path(path).propertyNames()) {
                if (!name.equals("servers") && !name.equals("parameters")) {
                  methods.add(name.toUpperCase(Locale.ROOT));
                }
              }
              operations.put(path, methods);
            });
    return operations;
  }

  /**
   * Every documented answer and its headers: {@code GET /health 200}, {@code GET /livez 200 date};
   * {@code PUBLIC 404} is for any path.
   */
  Set<String> answers() {
    Set<String> answers = new TreeSet<>();
    for (Side side : Side.values()) {
      operations(side)
          .forEach((path, methods) -> methods.forEach(method -> add(method, path, answers)));
      refusals(side).forEach(status -> answers.add(side + " " + status));
    }
    return answers;
  }

  private void add(String method, String path, Set<String> answers) {
    operation(path, method)
        .path("responses")
        .properties()
        .forEach(
            response -> {
              if (!response.getKey().endsWith("XX")) {
                String key = key(method, path, response.getKey());
                answers.add(key);
                for (String name : resolved(response.getValue()).path("headers").propertyNames()) {
                  answers.add(key + ' ' + name.toLowerCase(Locale.ROOT));
                }
              }
            });
  }

  private static String key(String method, String path, String status) {
    return method + ' ' + path + ' ' + status;
  }

  private List<Integer> refusals(Side side) {
    List<Integer> statuses = new ArrayList<>();
    refused(side).path("x-statuses").forEach(status -> statuses.add(status.asInt()));
    return statuses;
  }

  private JsonNode refused(Side side) {
    String name = side == Side.ADMIN ? "AdminRefused" : "Refused";
    return root.path("components").path("responses").path(name);
  }

  private JsonNode operation(String path, String method) {
    return root.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.path("$ref").asString().substring(1)) : node;
  }

  private Optional<String> template(Side side, String path) {
    return paths(side)
        .filter(path::equals)
        .findFirst()
        .or(() -> paths(side).filter(template -> fits(template, path)).findFirst());
  }

  private static boolean fits(String template, String path) {
    return path.matches(template.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+"));
  }

  /** What {@code answer} to a request is. */
  Verdict check(Side side, String method, String uri, Answer answer) {
    String path = uri.split("\\?")[0];
    String asked = method.equals("HEAD") ? "GET" : method;
    String status = Integer.toString(answer.status());
    Optional<String> template = template(side, path);
    JsonNode operation =
        template.map(found -> operation(found, asked)).orElse(refused(side).path("-"));
    JsonNode own = resolved(operation.path("responses").path(status));
    if (!own.isMissingNode()) {
      return verdict(key(asked, template.orElse(""), status), own, method, answer);
    }
    return verdict(side + " " + status, common(side, operation, asked, answer), method, answer);
  }

  /** What is documented for all paths at once; missing where this is none of it. */
  private JsonNode common(Side side, JsonNode operation, String method, Answer answer) {
    JsonNode responses = root.path("components").path("responses");
    boolean documented = !operation.isMissingNode();
    if (side == Side.ADMIN && answer.status() == 401 && !documented) {
      return responses.path("AdminTokenRequired");
    }
    if (method.equals("OPTIONS") && answer.status() == 204) {
      return responses.path("Preflight");
    }
    boolean expected =
        switch (answer.status()) {
          case 404, 405 -> !documented;
          default -> refusals(side).contains(answer.status());
        };
    return expected ? refused(side) : responses.path("-");
  }

  private Verdict verdict(String key, JsonNode response, String method, Answer answer) {
    List<String> mistakes = new ArrayList<>();
    Set<String> documented = new TreeSet<>(Set.of(key));
    answer.headers().keySet().stream()
        .filter(name -> !GENERIC.contains(name))
        .forEach(name -> documented.add(key + ' ' + name));
    if (response.isMissingNode()) {
      mistakes.add("is not documented");
    } else {
      checkHeaders(response.path("headers"), answer, mistakes);
      checkContent(response.path("content"), method.equals("HEAD"), answer, mistakes);
    }
    return new Verdict(key, documented, mistakes);
  }

  private void checkHeaders(JsonNode documented, Answer answer, List<String> mistakes) {
    Map<String, JsonNode> byName = new HashMap<>();
    documented
        .properties()
        .forEach(entry -> byName.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    answer
        .headers()
        .forEach(
            (name, values) -> {
              JsonNode header = byName.get(name);
              if (header != null) {
                JsonNode schema = resolved(header).path("schema");
                values.forEach(value -> checkHeader(name, schema, value, mistakes));
              } else if (!GENERIC.contains(name)) {
                mistakes.add("its header " + name + " is not documented");
              }
            });
  }

  private void checkHeader(String name, JsonNode schema, String value, List<String> mistakes) {
    boolean number = schema.path("type").asString("").equals("integer");
    String json = number ? value : JSON.writeValueAsString(value);
    valid(schema, json).forEach(error -> mistakes.add(name + ": " + value + ": " + error));
  }

  private void checkContent(
      JsonNode documented, boolean head, Answer answer, List<String> mistakes) {
    String type = answer.header("content-type");
    if (documented.isMissingNode() || head || answer.body().length == 0) {
      if (answer.body().length > 0 || (documented.isMissingNode() && !type.isEmpty())) {
        mistakes.add("it has content that is not documented: " + answer.text());
      } else if (!documented.isMissingNode() && !head) {
        mistakes.add("its content is missing");
      }
      return;
    }
    JsonNode media = documented.has(type) ? documented.path(type) : documented.path("*/*");
    if (media.isMissingNode()) {
      mistakes.add("its media type is not documented: " + type);
    } else if (type.endsWith("json")) {
      valid(media.path("schema"), answer.text())
          .forEach(error -> mistakes.add(error + " in " + answer.text()));
    } else if (type.equals("text/event-stream")) {
      checkEvents(answer.text(), mistakes);
    }
    if (type.equals("application/problem+json")
        && JSON.readTree(answer.body()).path("status").asInt() != answer.status()) {
      mistakes.add("its status is another: " + answer.text());
    }
  }

  /** What of a request that the proxy made is not as the webhook called {@code name} says. */
  List<String> mistakesOfRequest(String name, Map<String, String> headers, String body) {
    List<String> mistakes = new ArrayList<>();
    JsonNode operation = root.path("webhooks").path(name).path("post");
    Set<String> documented = new HashSet<>(SENT);
    for (JsonNode one : operation.path("parameters")) {
      JsonNode parameter = resolved(one);
      String header = parameter.path("name").asString().toLowerCase(Locale.ROOT);
      documented.add(header);
      if (parameter.path("required").asBoolean(false) && !headers.containsKey(header)) {
        mistakes.add("it has no " + header);
      }
    }
    headers.keySet().stream()
        .filter(header -> !documented.contains(header))
        .forEach(header -> mistakes.add("its header " + header + " is not documented"));
    JsonNode content = operation.path("requestBody").path("content").path("application/json");
    mistakes.addAll(valid(content.path("schema"), body));
    return mistakes;
  }

  private void checkEvents(String text, List<String> mistakes) {
    for (String line : text.split("\n")) {
      if (line.startsWith("data: ")) {
        mistakes.addAll(mistakesOf("Job", line.substring("data: ".length())));
      } else if (!line.matches("|:.*|id: [a-z]+|event: (state|progress)")) {
        mistakes.add("the event stream has a line that is not documented: " + line);
      }
    }
  }

  /** What of {@code json} is not as the schema called {@code name} says. */
  List<String> mistakesOf(String name, String json) {
    return valid(JSON.createObjectNode().put("$ref", "#/components/schemas/" + name), json);
  }

  private List<String> valid(JsonNode schema, String json) {
    return schemas.computeIfAbsent(schema, this::compiled).validate(json, InputFormat.JSON).stream()
        .map(error -> error.getInstanceLocation() + " " + error.getMessage())
        .toList();
  }

  private Schema compiled(JsonNode schema) {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("$defs", definitions);
    whole.putArray("allOf").add(local(schema));
    return registry.getSchema(whole);
  }
}
