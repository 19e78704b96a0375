package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonTree;
import io.asyncproxy.route.StartRule.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The request that starts a job of a route.
 *
 * @param method the HTTP method
 * @param target path and query
 * @param headers the header fields, by name
 * @param body the body
 */
public record RouteRequest(String method, String target, Map<String, String> headers, byte[] body) {
  private static final Pattern TARGET = Pattern.compile("[!-~]+");
  private static final Pattern FIELD_VALUE = Pattern.compile("[\\t -~\\x80-\\xff]*");
  private static final String FORM = "application/x-www-form-urlencoded";

  /**
   * Makes the request.
   *
   * @param route whose
   * @param head what of the client's request is passed on besides its body
   * @param body the client's body
   * @param places the job's values
   * @throws UnfitRequestException where what the client sent does not fit
   */
  public static RouteRequest of(Route route, RequestHead head, byte[] body, Places places)
      throws UnfitRequestException {
    try {
      return made(route.start(), new Making(head, body), places);
    } catch (InvalidJsonException unfit) {
      throw new UnfitRequestException(unfit.error());
    }
  }

  private static RouteRequest made(StartRule start, Making making, Places places)
      throws InvalidJsonException, UnfitRequestException {
    start.headers().forEach((name, template) -> making.set(name, template, places));
    making.add(start.set(), places);
    if (start.callbackAt().isPresent()) {
      making.put(start.callbackAt().get(), places.text("callback"));
    }
    String target = making.target(start.url(), places);
    if (!TARGET.matcher(target).matches()) {
      throw new UnfitRequestException("The path or query can't be passed on as it is");
    }
    for (Map.Entry<String, String> field : making.headers.entrySet()) {
      if (!isFieldValue(field.getValue())) {
        throw new UnfitRequestException(
            "What the header " + field.getKey() + " would be can't be sent");
      }
    }
    return new RouteRequest(start.method(), target, making.headers, making.body);
  }

  /**
   * RFC 9110, section 5.5; what has no byte of its own in ISO 8859-1 would be another character.
   */
  public static boolean isFieldValue(String text) {
    return FIELD_VALUE.matcher(text).matches();
  }

  /** A request while it is made. */
  private static final class Making {
    private final Map<String, String> headers;
    private Form query;
    private byte[] body;

    Making(RequestHead head, byte[] body) {
      this.headers = new LinkedHashMap<>(head.headers());
      this.query = Form.of(head.query());
      this.body = body;
    }

    /** A header field of ours is instead of the client's, however that is spelled. */
    void set(String name, Template template, Places places) {
      setHeader(name, template.fill(places::text));
    }

    private void setHeader(String name, String value) {
      headers.keySet().removeIf(name::equalsIgnoreCase);
      headers.put(name, value);
    }

    void add(Map<Location, Value> set, Places places) throws InvalidJsonException {
      for (Map.Entry<Location, Value> entry : set.entrySet()) {
        switch (entry.getValue()) {
          case Value.Text(Template template) -> put(entry.getKey(), template.fill(places::text));
          case Value.Json(byte[] json) -> putJson(entry.getKey(), json);
        }
      }
    }

    void put(Location location, String text) throws InvalidJsonException {
      if (location instanceof Location.InJson) {
        putJson(location, JsonTree.quoted(text));
      } else {
        putText(location, text);
      }
    }

    private void putJson(Location location, byte[] json) throws InvalidJsonException {
      if (location instanceof Location.InJson(var pointer)) {
        body = JsonTree.with(body.length == 0 ? new byte[] {'{', '}'} : body, pointer, json);
      } else {
        putText(location, new String(json, UTF_8));
      }
    }

    private void putText(Location location, String text) {
      switch (location) {
        case Location.Header(String name) -> setHeader(name, text);
        case Location.Query(String name) -> query = query.with(name, text);
        case Location.Form(String name) -> {
          body = Form.of(body).with(name, text).bytes();
          headers.putIfAbsent("Content-Type", FORM);
        }
        case Location.Body _ -> body = text.getBytes(UTF_8);
        case Location.InJson _ -> throw new IllegalStateException("JSON is put as JSON");
      }
    }

    /** The query of the URL comes first, then the client's and what is set. */
    String target(Template url, Places places) {
      String whole = url.fill(places::url);
      int host = whole.startsWith("${") ? whole.indexOf('}') + 1 : whole.indexOf("://") + 3;
      int path = firstOf(whole, host, '/', '?');
      String target = path < whole.length() ? whole.substring(path) : "/";
      String begun = target.startsWith("?") ? '/' + target : target;
      int question = begun.indexOf('?');
      Form further = question < 0 ? query : query.without(Form.of(begun.substring(question + 1)));
      if (further.text().isEmpty()) {
        return begun;
      }
      return begun + (question < 0 ? '?' : '&') + further.text();
    }

    private static int firstOf(String text, int from, char one, char other) {
      for (int i = from; i < text.length(); i++) {
        if (text.charAt(i) == one || text.charAt(i) == other) {
          return i;
        }
      }
      return text.length();
    }
  }
}
