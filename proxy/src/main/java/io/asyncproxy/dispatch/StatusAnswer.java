package io.asyncproxy.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import io.asyncproxy.json.Member;
import java.util.Set;

/** What the job server says when it is asked for a job. */
public sealed interface StatusAnswer {

  /** The job is finished; {@code body} is what its callback brings, or would have brought. */
  record Finished(byte[] body) implements StatusAnswer {}

  /** Not finished, or not known: {@code detail} is a sentence for people. */
  record NotFinished(String detail) implements StatusAnswer {}

  /** Reads an answer: 200 and a JSON object whose {@code state} is final is a result. */
  static StatusAnswer read(int status, byte[] body) {
    if (status != 200) {
      return new NotFinished("The job server was asked for the job and said " + status);
    }
    try {
      JsonMembers members = JsonMembers.read(body, Set.of("state"));
      String state = members.member("state").flatMap(Member::string).orElse("");
      return switch (state) {
        case "completed", "failed" -> new Finished(body);
        case "" -> new NotFinished("The job server was asked for the job and named no state");
        default -> new NotFinished("The job server was asked for the job: it is " + brief(state));
      };
    } catch (InvalidJsonException nonsense) {
      return new NotFinished("The job server was asked for the job; its answer is no JSON object");
    }
  }

  private static String brief(String state) {
    byte[] bytes = state.getBytes(UTF_8);
    return bytes.length <= 40 ? state : "in a state with a very long name";
  }
}
