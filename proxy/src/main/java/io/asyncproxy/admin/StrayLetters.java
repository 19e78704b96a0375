package io.asyncproxy.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.http.JobView;
import io.asyncproxy.job.JobId;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Dead letters that are no jobs: results that could not be delivered, or came second, and callbacks
 * that belong to nobody or did not prove where they came from. Their reasons are the kinds of their
 * notes.
 */
public final class StrayLetters {
  static final List<Kind> KINDS =
      List.of(Kind.UNDELIVERED, Kind.CONFLICT, Kind.ORPHAN, Kind.REJECTED);

  private final JobStore store;
  private final Function<JobId, Future<Boolean>> deliver;

  /** Those in {@code store}; {@code deliver} tries an undelivered one again. */
  public StrayLetters(JobStore store, Function<JobId, Future<Boolean>> deliver) {
    this.store = store;
    this.deliver = deliver;
  }

  static String label(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The kind that a reason names. */
  static Optional<Kind> kind(String reason) {
    return KINDS.stream().filter(kind -> label(kind).equals(reason)).findFirst();
  }

  Future<List<Note>> list(Kind kind, Optional<JobId> before, int limit) {
    return store.notes().list(kind, before, limit);
  }

  Future<Optional<Note>> find(JobId id) {
    List<Future<Optional<Note>>> found =
        KINDS.stream().map(kind -> store.notes().find(kind, id)).toList();
    return Future.all(found)
        .map(_ -> found.stream().flatMap(one -> one.result().stream()).findFirst());
  }

  Future<Boolean> discard(JobId id) {
    List<Future<Boolean>> gone =
        KINDS.stream().map(kind -> store.notes().remove(kind, id)).toList();
    return Future.all(gone).map(_ -> gone.stream().anyMatch(Future::result));
  }

  /** False where there is nothing to deliver. */
  Future<Boolean> deliverAgain(JobId id) {
    return deliver.apply(id);
  }

  /**
   * What is known of one; with what came, or was to be delivered, where the {@code whole} is
   * wanted.
   */
  static JsonObject view(Note note, boolean whole) {
    JsonObject head = note.head();
    JsonObject view =
        new JsonObject()
            .put("id", note.id().toString())
            .put("state", label(note.kind()))
            .put("reason", label(note.kind()))
            .put("created_at", JobView.time(Instant.ofEpochMilli(note.id().createdMillis())))
            .put("error", head.getString("detail", ""));
    if (note.kind() == Kind.ORPHAN) {
      view.put("job_server_id", note.about());
    }
    if (head.containsKey("url")) {
      view.put("url", head.getString("url")).put("attempts", head.getInteger("attempts", 0));
    }
    byte[] body = note.body();
    if (whole && (note.kind() != Kind.UNDELIVERED || body.length > 0)) {
      view.put("payload", new String(body, UTF_8));
    }
    return view;
  }

  /** Both kinds of dead letters in one list, newest first. */
  static List<JsonObject> merged(List<JsonObject> jobs, List<Note> notes, int limit) {
    List<JsonObject> all = new ArrayList<>(jobs);
    notes.forEach(note -> all.add(view(note, false)));
    all.sort(Comparator.comparing((JsonObject view) -> view.getString("id")).reversed());
    return all.subList(0, Math.min(limit, all.size()));
  }
}
