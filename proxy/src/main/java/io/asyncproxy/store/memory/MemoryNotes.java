package io.asyncproxy.store.memory;

import io.asyncproxy.job.JobId;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.Note.Kind;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Notes in memory. Thread-safe: one lock guards all. */
final class MemoryNotes implements Notes {
  private static final Comparator<Note> BY_DUE =
      Comparator.comparing(Note::due).thenComparing(Note::id);

  private static final int MOST_LINKS = 1_000_000;

  /** What the notes of a kind may take, those of jobs on their way excepted. */
  private static final long MOST_BYTES = 64L << 20;

  private record Link(JobId job, Instant until) {}

  private final Map<Kind, NavigableMap<JobId, Note>> byId = new EnumMap<>(Kind.class);
  private final Map<Kind, NavigableSet<Note>> byDue = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> bytes = new EnumMap<>(Kind.class);
  private final Map<String, List<JobId>> early = new HashMap<>();
  private final Map<String, Link> links = new LinkedHashMap<>();

  private NavigableMap<JobId, Note> notes(Kind kind) {
    return byId.computeIfAbsent(kind, _ -> new TreeMap<>());
  }

  private NavigableSet<Note> due(Kind kind) {
    return byDue.computeIfAbsent(kind, _ -> new TreeSet<>(BY_DUE));
  }

  @Override
  public synchronized Future<Boolean> put(Note note) {
    return Future.succeededFuture(add(note));
  }

  private boolean add(Note note) {
    if (note.kind() != Kind.DELIVERY && note.content().length > MOST_BYTES) {
      return false;
    }
    drop(note.kind(), note.id());
    while (!hasRoom(note)) {
      if (!note.kind().isOnlyKept() || notes(note.kind()).isEmpty()) {
        return false;
      }
      drop(note.kind(), due(note.kind()).first().id());
    }
    bytes.merge(note.kind(), (long) note.content().length, Long::sum);
    notes(note.kind()).put(note.id(), note);
    due(note.kind()).add(note);
    if (note.kind() == Kind.EARLY) {
      early.computeIfAbsent(note.about(), _ -> new ArrayList<>()).add(note.id());
    }
    return true;
  }

  private boolean hasRoom(Note note) {
    long length = bytes.getOrDefault(note.kind(), 0L) + note.content().length;
    return notes(note.kind()).size() < note.kind().most()
        && (note.kind() == Kind.DELIVERY || length <= MOST_BYTES);
  }

  /** Whether the result of a job is still to be delivered. */
  synchronized boolean isToBeDelivered(JobId job) {
    return notes(Kind.DELIVERY).containsKey(job);
  }

  private boolean drop(Kind kind, JobId id) {
    Note gone = notes(kind).remove(id);
    if (gone == null) {
      return false;
    }
    bytes.merge(kind, -(long) gone.content().length, Long::sum);
    due(kind).remove(gone);
    boolean elsewhere = notes(Kind.EARLY).containsKey(id) || notes(Kind.ORPHAN).containsKey(id);
    List<JobId> ids = early.get(gone.about());
    if (ids != null && !elsewhere) {
      ids.remove(id);
      if (ids.isEmpty()) {
        early.remove(gone.about());
      }
    }
    return true;
  }

  @Override
  public synchronized Future<Boolean> replace(Note before, Note after) {
    Note now = notes(before.kind()).get(before.id());
    if (now == null || !Arrays.equals(now.content(), before.content())) {
      return Future.succeededFuture(false);
    }
    boolean moved = before.kind() != after.kind();
    boolean added = add(after);
    if (moved && added) {
      drop(before.kind(), before.id());
    }
    return Future.succeededFuture(added);
  }

  @Override
  public synchronized Future<Boolean> remove(Kind kind, JobId id) {
    return Future.succeededFuture(drop(kind, id));
  }

  @Override
  public synchronized Future<List<Note>> claimDue(
      Kind kind, Instant now, Instant until, int limit) {
    List<Note> claimed =
        due(kind).stream().takeWhile(note -> !note.due().isAfter(now)).limit(limit).toList();
    for (Note note : claimed) {
      Note leased = note.with(until, note.content());
      due(kind).remove(note);
      due(kind).add(leased);
      notes(kind).put(leased.id(), leased);
    }
    return Future.succeededFuture(claimed);
  }

  @Override
  public synchronized Future<Optional<Note>> find(Kind kind, JobId id) {
    return Future.succeededFuture(Optional.ofNullable(notes(kind).get(id)));
  }

  @Override
  public synchronized Future<List<Note>> list(Kind kind, Optional<JobId> before, int limit) {
    NavigableMap<JobId, Note> all = notes(kind);
    var older = before.isPresent() ? all.headMap(before.get(), false) : all;
    return Future.succeededFuture(
        older.descendingMap().values().stream()
            .limit(limit)
            .map(note -> note.with(note.due(), Note.content(note.head())))
            .toList());
  }

  @Override
  public synchronized Future<Long> count(Kind kind) {
    return Future.succeededFuture((long) notes(kind).size());
  }

  @Override
  public synchronized Future<Optional<JobId>> jobOf(String about, Note otherwise) {
    Link link = links.get(about);
    if (link != null) {
      return Future.succeededFuture(Optional.of(link.job()));
    }
    return add(otherwise)
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(new StoreUnavailableException(NO_ROOM));
  }

  @Override
  public synchronized Future<Optional<JobId>> jobOf(String about) {
    return Future.succeededFuture(Optional.ofNullable(links.get(about)).map(Link::job));
  }

  @Override
  public synchronized Future<List<Note>> link(String about, JobId job, Instant now, Duration kept) {
    links.remove(about);
    links.put(about, new Link(job, now.plus(kept)));
    if (links.size() > MOST_LINKS) {
      links.remove(links.keySet().iterator().next());
    }
    return Future.succeededFuture(
        early.getOrDefault(about, List.of()).stream()
            .flatMap(
                id ->
                    Stream.of(Kind.EARLY, Kind.ORPHAN)
                        .flatMap(kind -> Optional.ofNullable(notes(kind).get(id)).stream()))
            .toList());
  }

  @Override
  public synchronized Future<Integer> purge(Instant now, int limit) {
    int before = links.size();
    Iterator<Link> oldest = links.values().iterator();
    while (oldest.hasNext() && !oldest.next().until().isAfter(now)) {
      oldest.remove();
    }
    int gone = before - links.size();
    for (Kind kind : Kind.values()) {
      while (kind.isOnlyKept() && !due(kind).isEmpty() && !due(kind).first().due().isAfter(now)) {
        drop(kind, due(kind).first().id());
        gone++;
      }
    }
    return Future.succeededFuture(gone);
  }

  synchronized int rows() {
    return links.size() + early.size() + byId.values().stream().mapToInt(Map::size).sum();
  }
}
