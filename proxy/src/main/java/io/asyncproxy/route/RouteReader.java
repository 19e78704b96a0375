package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Digest;
import io.asyncproxy.route.Route.Account;
import io.asyncproxy.route.Route.AnswerRule;
import io.asyncproxy.route.Route.CallbackRule;
import io.asyncproxy.route.Route.FetchRule;
import io.asyncproxy.route.Route.ReplyRule;
import io.asyncproxy.route.Route.StatusRule;
import io.asyncproxy.settings.SettingType;
import io.asyncproxy.yaml.YamlMap;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads one route. What is wrong is told by the map it is read from; then there is no route. */
final class RouteReader {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern METHOD = Pattern.compile("GET|POST|PUT|PATCH");
  private static final Pattern ORIGIN = Pattern.compile("^https?://[^/?#\\s]+");
  private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** What the proxy, or HTTP itself, decides. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "proxy-authorization",
          "proxy-connection");

  private static final List<String> OF_THE_JOB = List.of("account", "job");

  private final YamlMap map;
  private final Function<String, Optional<String>> variables;
  private final String name;
  private final StringBuilder all;

  /** Reads {@code map}; {@code text} is all that it says. */
  RouteReader(String name, YamlMap map, String text, Function<String, Optional<String>> variables) {
    this.name = name;
    this.map = map;
    this.all = new StringBuilder(text);
    this.variables =
        variable -> {
          Optional<String> value = variables.apply(variable);
          all.append('\n').append(value.orElse(""));
          return value;
        };
  }

  Route read() {
    if (!NAME.matcher(name).matches()) {
      map.mistake("a route's name has 1 to 40 lower-case letters, digits and dashes");
    }
    map.text("description");
    PathPattern path = path();
    List<String> places = new ArrayList<>(OF_THE_JOB);
    path.names().forEach(parameter -> places.add("path." + parameter));
    List<String> later = new ArrayList<>(places);
    later.add("id");
    List<String> atStart = new ArrayList<>(places);
    atStart.add("callback");

    YamlMap start = map.map("start");
    StartRule startRule = start(start, atStart);
    if (!start.has("url")) {
      start.mistake("url", "is needed: where a job is started");
    }
    Optional<URI> origin = origin(start, startRule.url());
    AnswerRule answer = answer(map.map("answer"));
    CallbackRule callback = callback(map.map("callback"));
    checkCallback(startRule, answer, callback);
    Route route =
        new Route(
            name,
            path,
            account(),
            origin.orElse(URI.create("http://invalid")),
            startRule,
            answer,
            callback,
            status(map.map("status"), callback, later),
            fetch(map.map("result"), later),
            reply(map.map("reply")),
            new LimitsReader(map.map("limits")).read(),
            Digest.of(all.toString().getBytes(UTF_8)));
    map.rejectOthers();
    return route;
  }

  private PathPattern path() {
    String text = map.text("path").orElse('/' + name);
    try {
      return PathPattern.parse(text);
    } catch (IllegalArgumentException none) {
      map.mistake("path", "`" + text + "` " + none.getMessage());
      return new PathPattern("/invalid", List.of("invalid"));
    }
  }

  private Account account() {
    Optional<String> text = map.text("account");
    return text.flatMap(Location::parse)
        .<Account>map(Account.In::new)
        .orElseGet(() -> new Account.Always(text.orElse(name)));
  }

  /** The host is fixed: what clients send must not choose where our secrets go. */
  private static Optional<URI> origin(YamlMap map, Template url) {
    var matcher = ORIGIN.matcher(url.beginning());
    boolean complete =
        matcher.find() && (matcher.end() < url.beginning().length() || url.places().isEmpty());
    Optional<URI> origin =
        complete ? SettingType.httpUrl().parser().apply(matcher.group()) : Optional.empty();
    if (origin.isEmpty() && !url.isEmpty()) {
      map.mistake("url", "must be an http or https URL whose host has no {place}");
    }
    return origin;
  }

  private StartRule start(YamlMap start, List<String> places) {
    Optional<Template> url = start.text("url").map(text -> template(start, "url", text, places));
    Map<Location, StartRule.Value> set = new LinkedHashMap<>();
    YamlMap values = start.map("set");
    for (String key : values.keys()) {
      location(values, key, key)
          .ifPresent(at -> value(values, key, places).ifPresent(value -> set.put(at, value)));
    }
    Optional<Location> callbackAt = locationOf(start, "callback");
    boolean json = callbackAt.filter(Location.InJson.class::isInstance).isPresent();
    json |= set.keySet().stream().anyMatch(Location.InJson.class::isInstance);
    StartRule rule =
        new StartRule(
            value(start, "method", SettingType.text("GET, POST, PUT or PATCH", METHOD), "POST"),
            url.orElse(Template.parse("", variables)),
            headers(start, places),
            callbackAt,
            set,
            fields(start, "pass-headers"),
            start.texts("pass-query"),
            contentTypes(start, json));
    start.rejectOthers();
    return rule;
  }

  private List<String> contentTypes(YamlMap start, boolean json) {
    List<String> types = start.texts("content-types");
    for (String type : types) {
      if (!type.matches("\\*/\\*|[a-z0-9.+-]+/(\\*|[a-z0-9.+-]+)")) {
        start.mistake("content-types", "`" + type + "` is no media type in lower case");
      }
    }
    if (json && types.stream().anyMatch(type -> !Message.isJson(type))) {
      start.mistake("content-types", "must be JSON, because values are set in the body by pointer");
    }
    return types.isEmpty() ? List.of("application/json") : types;
  }

  private Map<String, Template> headers(YamlMap start, List<String> places) {
    Map<String, Template> headers = new LinkedHashMap<>();
    YamlMap fields = start.map("headers");
    for (String field : fields.keys()) {
      if (isField(fields, field, field)) {
        fields
            .text(field)
            .ifPresent(text -> headers.put(field, template(fields, field, text, places)));
      }
    }
    return headers;
  }

  private static List<String> fields(YamlMap map, String key) {
    return map.texts(key).stream().filter(field -> isField(map, key, field)).toList();
  }

  private static boolean isField(YamlMap map, String key, String field) {
    if (!FIELD.matcher(field).matches()) {
      map.mistake(key, "`" + field + "` is no name of a header field");
      return false;
    }
    if (OURS.contains(field.toLowerCase(java.util.Locale.ROOT))) {
      map.mistake(key, field + " is set by the proxy itself");
      return false;
    }
    return true;
  }

  private Optional<StartRule.Value> value(YamlMap values, String key, List<String> places) {
    return values
        .raw(key)
        .flatMap(
            node ->
                YamlJson.isText(node)
                    ? values
                        .text(key)
                        .map(text -> new StartRule.Value.Text(template(values, key, text, places)))
                    : Optional.of(new StartRule.Value.Json(YamlJson.of(node).getBytes(UTF_8))));
  }

  private Template template(YamlMap map, String key, String text, List<String> places) {
    try {
      Template template = Template.parse(text, variables);
      for (String place : template.places()) {
        if (!places.contains(place)) {
          map.mistake(
              key,
              "{" + place + "} is not known here; known: {" + String.join("}, {", places) + "}");
        }
      }
      return template;
    } catch (IllegalArgumentException missing) {
      map.mistake(key, String.valueOf(missing.getMessage()));
      return Template.parse("", variables);
    }
  }

  private AnswerRule answer(YamlMap answer) {
    AnswerRule rule =
        new AnswerRule(
            statuses(answer, "accepted").orElse(Statuses.SUCCESS),
            statuses(answer, "result").orElse(Statuses.NONE),
            locationOf(answer, "id"));
    answer.rejectOthers();
    return rule;
  }

  private static Optional<Statuses> statuses(YamlMap map, String key) {
    List<String> texts = map.texts(key);
    for (String text : texts) {
      if (!text.matches(Statuses.PATTERN)) {
        map.mistake(key, "`" + text + "` is no status such as 202 or 2xx");
      }
    }
    return texts.isEmpty() ? Optional.empty() : Optional.of(new Statuses(texts));
  }

  private CallbackRule callback(YamlMap callback) {
    boolean byId = value(callback, "find-by", SettingType.oneOf("url", "id"), "url").equals("id");
    CallbackRule rule =
        new CallbackRule(
            byId,
            callback.has("auth")
                ? new CheckReader(callback.map("auth"), variables).read()
                : new CallbackCheck.None(),
            locationOf(callback, "id"),
            state(callback),
            locationOf(callback, "result"));
    if (byId && !callback.has("auth")) {
      callback.mistake("is found by id, which anybody may guess: say auth, or auth: {type: none}");
    }
    callback.rejectOthers();
    return rule;
  }

  private void checkCallback(StartRule start, AnswerRule answer, CallbackRule callback) {
    if (callback.byId() && (answer.id().isEmpty() || callback.id().isEmpty())) {
      map.mistake("callback", "find-by: id needs answer.id and callback.id");
    }
    boolean isGiven =
        start.callbackAt().isPresent()
            || start.url().places().contains("callback")
            || start.headers().values().stream().anyMatch(RouteReader::hasCallback)
            || start.set().values().stream()
                .anyMatch(v -> v instanceof StartRule.Value.Text(Template t) && hasCallback(t));
    if (!callback.byId() && !isGiven) {
      map.mistake(
          "start",
          "callback is needed: where the callback URL goes ("
              + Location.ALLOWED
              + "); or callback.find-by: id");
    }
  }

  private static boolean hasCallback(Template template) {
    return template.places().contains("callback");
  }

  private static StateRule state(YamlMap map) {
    StateRule rule =
        new StateRule(
            locationOf(map, "state"),
            map.texts("completed"),
            map.texts("failed"),
            map.texts("progress"));
    boolean named =
        !(rule.completed().isEmpty() && rule.failed().isEmpty() && rule.progress().isEmpty());
    if (rule.at().isEmpty() && named) {
      map.mistake("state", "is needed: where the state is that completed, failed, progress name");
    }
    return rule;
  }

  /** States mean the same as in callbacks where nothing else is said. */
  private Optional<StatusRule> status(YamlMap status, CallbackRule callback, List<String> places) {
    if (!map.has("status")) {
      return Optional.empty();
    }
    Optional<Template> url = status.text("url").map(text -> template(status, "url", text, places));
    if (url.isEmpty()) {
      status.mistake("url", "is needed: where the API is asked for a job");
    }
    url.ifPresent(template -> origin(status, template));
    StateRule own = state(status);
    StatusRule rule =
        new StatusRule(
            url.orElse(Template.parse("", variables)),
            setting(status, "every", SettingType.duration("100ms", "24h")),
            own.at().isPresent() ? own : callback.state(),
            locationOf(status, "result").or(callback::result));
    if (rule.state().at().isEmpty()) {
      status.mistake("state", "is needed: an answer without a state says nothing");
    }
    status.rejectOthers();
    return Optional.of(rule);
  }

  private Optional<FetchRule> fetch(YamlMap result, List<String> places) {
    if (!map.has("result")) {
      return Optional.empty();
    }
    Optional<String> url = result.text("url");
    Optional<Location> at = url.flatMap(Location::parse);
    if (url.isEmpty()) {
      result.mistake("url", "is needed: where the result is fetched, or where the URL is found");
    }
    Optional<Template> template =
        at.isPresent() ? Optional.empty() : url.map(text -> template(result, "url", text, places));
    template.ifPresent(fixed -> origin(result, fixed));
    FetchRule rule =
        new FetchRule(
            template,
            at,
            result.texts("hosts"),
            locationOf(result, "part"),
            value(result, "failures", SettingType.flag(), "true"));
    result.rejectOthers();
    return Optional.of(rule);
  }

  private ReplyRule reply(YamlMap reply) {
    ReplyRule rule =
        new ReplyRule(
            value(reply, "status", SettingType.number(200, 299), "200"),
            value(reply, "failed-status", SettingType.number(200, 599), "200"),
            fields(reply, "pass-headers"));
    reply.rejectOthers();
    return rule;
  }

  private static Optional<Location> locationOf(YamlMap map, String key) {
    return map.text(key).flatMap(text -> location(map, key, text));
  }

  private static Optional<Location> location(YamlMap map, String key, String text) {
    try {
      Optional<Location> location = Location.parse(text);
      if (location.isEmpty()) {
        map.mistake(key, "`" + text + "` is no place: " + Location.ALLOWED);
      }
      return location;
    } catch (IllegalArgumentException malformed) {
      map.mistake(key, "`" + text + "`: " + malformed.getMessage());
      return Optional.empty();
    }
  }

  static <T> T value(YamlMap map, String key, SettingType<T> type, String fallback) {
    return setting(map, key, type).orElseGet(() -> type.parser().apply(fallback).orElseThrow());
  }

  static <T> Optional<T> setting(YamlMap map, String key, SettingType<T> type) {
    Optional<String> text = map.text(key);
    Optional<T> value = text.flatMap(type.parser());
    if (text.isPresent() && value.isEmpty()) {
      map.mistake(key, "`" + text.get() + "` must be " + type.allowed());
    }
    return value;
  }

  static List<String> secrets(
      YamlMap map, String key, Function<String, Optional<String>> variables) {
    List<String> secrets = new ArrayList<>();
    for (String text : map.texts(key)) {
      try {
        String secret = Template.parse(text, variables).fill();
        secrets.addAll(Arrays.stream(secret.split(",")).map(String::strip).toList());
      } catch (IllegalArgumentException missing) {
        map.mistake(key, String.valueOf(missing.getMessage()));
      }
    }
    if (secrets.isEmpty() || secrets.stream().anyMatch(String::isEmpty)) {
      map.mistake(key, "is needed, as ${VARIABLE} or ${file:PATH}");
    }
    return secrets;
  }
}
