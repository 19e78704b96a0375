package io.asyncproxy.api;

import io.asyncproxy.delivery.Target;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.ProblemException;
import io.asyncproxy.job.Digest;
import io.asyncproxy.job.IdempotencyKey;
import io.asyncproxy.job.Via;
import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import io.asyncproxy.json.Member;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asks for, checked.
 *
 * @param account whose job it is
 * @param body the JSON object to pass on, without our own members
 * @param async whether the client wants 202 rather than 504 when its time is over
 * @param prefer its preferences
 * @param key its idempotency key
 * @param caller who asks
 * @param callback where the result goes as well
 * @param via the way that it came in by
 */
public record ProxyRequest(
    String account,
    byte[] body,
    boolean async,
    Preferences prefer,
    Optional<IdempotencyKey> key,
    Caller caller,
    Optional<URI> callback,
    Via via) {
  private static final Set<String> MEMBERS = Set.of("account", "wait", "callback");
  private static final int ACCOUNT_CHARS = 256;
  private static final byte[] NO_BODY = {};

  /** Checks a request of {@code caller}; fails with 400 or 403. */
  static ProxyRequest parse(Caller caller, MultiMap headers, byte[] body) {
    JsonMembers members = read(body);
    String account = account(members);
    caller.requireAccount(account);
    boolean wait = waits(members);
    Optional<URI> callback = callback(members, wait);
    Preferences prefer = Preferences.parse(headers.getAll("Prefer"));
    Optional<IdempotencyKey> key =
        IdempotencyKeys.parse(headers.getAll("Idempotency-Key"))
            .map(value -> new IdempotencyKey(caller.name(), value, Digest.of(body)));
    byte[] passedOn = members.without("wait", "callback");
    return new ProxyRequest(
        account,
        passedOn,
        !wait || prefer.respondAsync(),
        prefer,
        key,
        caller,
        callback,
        Via.DEFAULT);
  }

  /** The same, when the body has been passed on. */
  ProxyRequest withoutBody() {
    return new ProxyRequest(account, NO_BODY, async, prefer, key, caller, callback, via);
  }

  private static JsonMembers read(byte[] body) {
    try {
      return JsonMembers.read(body, MEMBERS);
    } catch (InvalidJsonException invalid) {
      throw bad(invalid.error());
    }
  }

  private static String account(JsonMembers members) {
    Member account = members.member("account").orElseThrow(() -> bad("Missing account"));
    if (account.kind() == Member.Kind.NULL) {
      throw bad("Missing account");
    }
    String name = account.string().orElseThrow(() -> bad("Invalid account: it must be a string"));
    if (name.isEmpty()) {
      throw bad("Missing account");
    }
    return requireAccountName(name);
  }

  /** Fails with 400 where {@code name} can't be an account's. */
  static String requireAccountName(String name) {
    if (name.codePointCount(0, name.length()) > ACCOUNT_CHARS) {
      throw bad("Invalid account: at most " + ACCOUNT_CHARS + " characters");
    }
    requireCharacters(name);
    return name;
  }

  /** Half a surrogate pair has no UTF-8 form, and NUL ends strings in too many places. */
  private static void requireCharacters(String name) {
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        throw bad("Invalid account: it holds characters that are none");
      }
      i += Character.charCount(c);
    }
  }

  private static boolean waits(JsonMembers members) {
    return switch (members.member("wait").map(Member::kind).orElse(Member.Kind.TRUE)) {
      case TRUE -> true;
      case FALSE -> false;
      case STRING, NULL, OTHER -> throw bad("Invalid wait: it must be true or false");
    };
  }

  private static Optional<URI> callback(JsonMembers members, boolean wait) {
    Optional<Member> callback = members.member("callback");
    if (callback.isEmpty()) {
      return Optional.empty();
    }
    if (wait) {
      throw bad("Invalid callback: only with \"wait\":false");
    }
    URI url = callback.get().string().flatMap(Target::parse).orElseThrow(() -> bad(Target.ERROR));
    return Optional.of(url);
  }

  private static ProblemException bad(String error) {
    return Problem.of(400, error).exception();
  }
}
