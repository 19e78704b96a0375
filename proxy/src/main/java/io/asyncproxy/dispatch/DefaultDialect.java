package io.asyncproxy.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.Result;
import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import io.asyncproxy.json.Member;
import io.asyncproxy.route.Heard;
import io.asyncproxy.route.Message;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The protocol of {@code POST /proxy}. */
public final class DefaultDialect implements Dialect {
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/json", "Accept", "application/json");
  private static final Map<String, String> ASKING = Map.of("Accept", "application/json");
  private static final Set<String> MEMBERS = Set.of("id", "state");
  private static final int SHORT = 40;

  private final JobServerSettings settings;
  private final boolean idempotent;
  private final String target;

  /** The dialect of a job server; {@code idempotent}: attempts carry an Idempotency-Key. */
  public DefaultDialect(JobServerSettings settings, boolean idempotent) {
    this.settings = settings;
    this.idempotent = idempotent;
    this.target = settings.target();
  }

  @Override
  public StartCall start(Job job, String callbackUrl) {
    return new StartCall(
        HttpMethod.POST,
        target,
        HEADERS,
        idempotent ? key(job) : Map.of(),
        StartRequest.body(job.submission().body(), callbackUrl));
  }

  /** The job's own id, as a structured field's string (RFC 9651, section 3.3.3). */
  static Map<String, String> key(Job job) {
    return Map.of("Idempotency-Key", '"' + job.id().toString() + '"');
  }

  @Override
  public StartOutcome answer(int status, Message message, Instant now) {
    StartOutcome read =
        StartAnswer.read(status, message.headers().apply("Retry-After"), message.body(), now);
    return settings.idRequired() ? StartAnswer.requireId(read, status, message.body()) : read;
  }

  @Override
  public Optional<Question> question(Job job) {
    return settings
        .statusUrl()
        .flatMap(template -> job.jobServerId().map(id -> question(template, id)));
  }

  private static Question question(String template, String id) {
    return new Question(template.replace("{id}", URLEncoder.encode(id, UTF_8)), ASKING);
  }

  /** 200 and a JSON object whose {@code state} is final is what the callback would have brought. */
  @Override
  public Heard status(int status, Message message) {
    if (status != 200) {
      return new Heard.Nonsense("said " + status);
    }
    try {
      JsonMembers members = JsonMembers.read(message.body(), MEMBERS);
      String state = members.member("state").flatMap(Member::string).orElse("");
      return switch (state) {
        case "completed", "failed" -> finished(members, state, message.body());
        case "" -> new Heard.Nonsense("named no state");
        default -> new Heard.Progress(Optional.empty(), brief(state).getBytes(UTF_8));
      };
    } catch (InvalidJsonException nonsense) {
      return new Heard.Nonsense("gave no JSON object");
    }
  }

  private static Heard finished(JsonMembers members, String state, byte[] body) {
    Optional<String> id = members.string("id");
    return id.isEmpty()
        ? new Heard.Nonsense("gave an answer that is no result: it has no id")
        : new Heard.Finished(id, new Result(body, state.equals("failed")));
  }

  private static String brief(String state) {
    return state.length() <= SHORT ? state : "in a state with a very long name";
  }

  @Override
  public Heard fetched(int status, Message message, boolean failed) {
    return new Heard.Nonsense("has no results to fetch");
  }

  @Override
  public Optional<Question> fetch(Job job, Heard.Fetch fetch) {
    return Optional.empty();
  }
}
