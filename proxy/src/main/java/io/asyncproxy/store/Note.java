package io.asyncproxy.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.job.JobId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;

/**
 * Something small that is kept beside the jobs until its time has come.
 *
 * @param kind what it is
 * @param id what it is called: a job's id where it belongs to one, else one of its own
 * @param about what it is found by: the job server's id of {@link Kind#EARLY} and {@link
 *     Kind#ORPHAN}
 * @param due when it has to be looked at; of those that are only kept, when they are forgotten
 * @param content what it says, see {@link #content(JsonObject, byte[])}
 */
public record Note(Kind kind, JobId id, String about, Instant due, byte[] content) {

  /** The kinds of notes. */
  public enum Kind {
    /** A result on its way to the client's own URL. As many as there are jobs. */
    DELIVERY(Integer.MAX_VALUE, false),
    /** A callback whose id no start response has named yet. */
    EARLY(10_000, false),
    /** A callback whose id nobody knows. */
    ORPHAN(1_000, true),
    /** A callback that did not prove where it came from. */
    REJECTED(1_000, true),
    /** A result that could not be delivered. */
    UNDELIVERED(10_000, true),
    /** Another result for a job that was decided; by the job's id, the last one of each. */
    CONFLICT(1_000, true);

    private final int most;
    private final boolean onlyKept;

    Kind(int most, boolean onlyKept) {
      this.most = most;
      this.onlyKept = onlyKept;
    }

    /** How many are kept. */
    public int most() {
      return most;
    }

    /** Whether they wait for nothing: the oldest makes room, and all go when they are due. */
    public boolean isOnlyKept() {
      return onlyKept;
    }
  }

  private static final byte LINE_END = '\n';

  /** What a note says: a line of JSON, and what it is about, byte for byte. */
  public static byte[] content(JsonObject head, byte[] body) {
    byte[] line = content(head);
    byte[] content = Arrays.copyOf(line, line.length + 1 + body.length);
    content[line.length] = LINE_END;
    System.arraycopy(body, 0, content, line.length + 1, body.length);
    return content;
  }

  /** The same where there is nothing more to say. */
  public static byte[] content(JsonObject head) {
    return head.encode().getBytes(UTF_8);
  }

  /** The line of JSON. */
  public JsonObject head() {
    return new JsonObject(new String(content, 0, headLength(), UTF_8));
  }

  /** What is behind it; nothing where there is no more. */
  public byte[] body() {
    return Arrays.copyOfRange(content, Math.min(headLength() + 1, content.length), content.length);
  }

  private int headLength() {
    int end = 0;
    while (end < content.length && content[end] != LINE_END) {
      end++;
    }
    return end;
  }

  /** The same, due at another time and with another content. */
  public Note with(Instant newDue, byte[] newContent) {
    return new Note(kind, id, about, newDue, newContent);
  }

  /** The same as another kind. */
  public Note as(Kind newKind, Instant newDue) {
    return new Note(newKind, id, about, newDue, content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Note note
        && kind == note.kind
        && id.equals(note.id)
        && about.equals(note.about)
        && due.equals(note.due)
        && Arrays.equals(content, note.content);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
