package io.asyncproxy.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.dispatch.Dispatcher;
import io.asyncproxy.dispatch.Lane;
import io.asyncproxy.hold.HoldSettings;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.ProblemException;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.job.Digest;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Via;
import io.asyncproxy.json.JsonTree;
import io.asyncproxy.route.Message;
import io.asyncproxy.route.Places;
import io.asyncproxy.route.RequestHead;
import io.asyncproxy.route.Route;
import io.asyncproxy.route.RouteRequest;
import io.asyncproxy.route.Routes;
import io.asyncproxy.route.StartRule;
import io.asyncproxy.route.UnfitRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The public path of a route.
 *
 * @param match the route, and the parameters of the path
 * @param dispatcher who starts its jobs
 * @param lane where they are started
 * @param hold how long its clients are held
 */
public record RouteEntrance(Routes.Match match, Dispatcher dispatcher, Lane lane, HoldSettings hold)
    implements Entrance {

  @Override
  public String path() {
    return route().path().text();
  }

  @Override
  public void requireType(Request request) {
    StartRule start = route().start();
    String type = Message.of(request.headers(), request.query(), new byte[0]).mediaType();
    if (!type.isEmpty() && !start.takes(type)) {
      String allowed = String.join(", ", start.contentTypes());
      throw Problem.of(415, "Unsupported Content-Type: send " + allowed)
          .header("Accept-Post", allowed)
          .exception();
    }
  }

  private Route route() {
    return match.route();
  }

  @Override
  public ProxyRequest read(Caller caller, Request request, byte[] body) {
    Message message = Message.of(request.headers(), request.query(), body);
    if (message.isJson() && body.length > 0 && !JsonTree.isJson(body)) {
      throw bad("Invalid JSON");
    }
    String account = account(message);
    caller.requireAccount(account);
    RequestHead head = new RequestHead(match.parameters(), query(message), headers(message));
    checkFits(head, account, body);
    Via via = new Via(route().name(), head.encode());
    Preferences prefer = Preferences.parse(request.headers().getAll("Prefer"));
    Optional<IdempotencyKey> key =
        IdempotencyKeys.parse(request.headers().getAll("Idempotency-Key"))
            .map(value -> new IdempotencyKey(caller.name(), value, digest(via, body)));
    return new ProxyRequest(
        account, body, prefer.respondAsync(), prefer, key, caller, Optional.empty(), via);
  }

  /** The same key for another path, query or body is another request. */
  private static Digest digest(Via via, byte[] body) {
    byte[] head = (via.route() + '\n' + via.head() + '\n').getBytes(UTF_8);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return Digest.of(all);
  }

  private String account(Message message) {
    return switch (route().account()) {
      case Route.Account.Always(String name) -> name;
      case Route.Account.In(var location) ->
          message
              .text(location)
              .filter(text -> !text.isEmpty() && !text.equals(".") && !text.equals(".."))
              .map(ProxyRequest::requireAccountName)
              .orElseThrow(() -> bad("Missing account: " + location.text()));
    };
  }

  private String query(Message message) {
    List<String> passed = route().start().passQuery();
    if (passed.contains("*")) {
      return message.query();
    }
    List<String> kept = new ArrayList<>();
    for (String pair : message.query().split("&")) {
      if (passed.contains(pair.split("=", 2)[0])) {
        kept.add(pair);
      }
    }
    return String.join("&", kept);
  }

  private Map<String, String> headers(Message message) {
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(List.of("Content-Type", "Accept"));
    names.addAll(route().start().passHeaders());
    for (String name : names) {
      message.headers().apply(name).ifPresent(value -> headers.put(name, value));
    }
    headers.putIfAbsent("Content-Type", route().start().contentTypes().getFirst());
    headers.values().removeIf(type -> type.equals("*/*"));
    return headers;
  }

  /** Better now than when the client has gone. */
  private void checkFits(RequestHead head, String account, byte[] body) {
    try {
      RouteRequest.of(route(), head, body, Places.of(head, account, "").with("callback", ""));
    } catch (UnfitRequestException unfit) {
      throw bad(unfit.error());
    }
  }

  @Override
  public Reply reply(Result result) {
    return JobReplies.result(
        result.failed() ? route().reply().failedStatus() : route().reply().status(), result);
  }

  private static ProblemException bad(String error) {
    return Problem.of(400, error).exception();
  }
}
