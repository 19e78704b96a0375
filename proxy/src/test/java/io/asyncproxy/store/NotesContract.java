package io.asyncproxy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Submission;
import io.asyncproxy.job.Via;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store's notes must do. */
abstract class NotesContract extends StoreContract {
  private static Note note(Note.Kind kind, String about, Instant due, String content) {
    return new Note(kind, JobId.create(NOW.toEpochMilli(), RANDOM), about, due, bytes(content));
  }

  private JobId job() {
    return job("a", Via.DEFAULT);
  }

  /** A job that is on its way. */
  protected JobId job(String account, Via via) {
    JobId id = JobId.create(NOW.toEpochMilli(), RANDOM);
    Submission submission =
        new Submission(
            id,
            account,
            bytes("{}"),
            NOW,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            via);
    await(store.accept(Job.starting(submission, LATER)));
    return id;
  }

  @Test
  void namesOfLinkedJobsAreTheirRoutesOwn() {
    Notes notes = store.notes();
    JobId plain = job("a", new Via("", "", true, Optional.empty()));
    JobId routed = job("a", new Via("render", "", true, Optional.empty()));
    JobId odd = job("a", new Via("", "", true, Optional.empty()));
    link(new JobName("", "1"), plain);
    link(new JobName("render", "1"), routed);
    link(new JobName("", "@render/1"), odd);
    assertThat(await(notes.jobOf(new JobName("", "1").text()))).contains(plain);
    assertThat(await(notes.jobOf(new JobName("render", "1").text()))).contains(routed);
    assertThat(await(notes.jobOf(new JobName("", "@render/1").text()))).contains(odd);
    assertThat(await(notes.jobOf(new JobName("other", "1").text()))).isEmpty();
  }

  private void link(JobName name, JobId job) {
    await(store.notes().link(name.text(), job, NOW, Duration.ofMinutes(1)));
  }

  @Test
  void notesAreKeptFoundListedCountedAndRemoved() {
    Notes notes = store.notes();
    List<Note> kept = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      kept.add(note(Note.Kind.ORPHAN, "j" + i, LATER, "{\"n\":" + i + "}"));
      assertThat(await(notes.put(kept.get(i)))).isTrue();
    }
    kept.sort(java.util.Comparator.comparing(Note::id).reversed());
    assertThat(await(notes.list(Note.Kind.ORPHAN, Optional.empty(), 10)))
        .extracting(Note::id)
        .containsExactlyElementsOf(kept.stream().map(Note::id).toList());
    assertThat(await(notes.list(Note.Kind.ORPHAN, Optional.of(kept.get(1).id()), 2)))
        .extracting(Note::id)
        .containsExactly(kept.get(2).id(), kept.get(3).id());
    Note found = await(notes.find(Note.Kind.ORPHAN, kept.getFirst().id())).orElseThrow();
    assertThat(found.about()).isEqualTo(kept.getFirst().about());
    assertThat(found.content()).isEqualTo(kept.getFirst().content());
    assertThat(await(notes.count(Note.Kind.ORPHAN))).isEqualTo(5);
    assertThat(await(notes.count(Note.Kind.REJECTED))).isZero();
    assertThat(await(notes.remove(Note.Kind.ORPHAN, found.id()))).isTrue();
    assertThat(await(notes.remove(Note.Kind.ORPHAN, found.id()))).isFalse();
    assertThat(await(notes.find(Note.Kind.ORPHAN, found.id()))).isEmpty();
  }

  @Test
  void dueNotesAreTakenOnceUntilTheirLeaseIsOver() {
    Notes notes = store.notes();
    Note early = note(Note.Kind.DELIVERY, "a", NOW.minusSeconds(1), "1");
    Note due = note(Note.Kind.DELIVERY, "b", NOW, "2");
    Note future = note(Note.Kind.DELIVERY, "c", LATER, "3");
    List.of(early, due, future).forEach(note -> await(notes.put(note)));
    assertThat(await(notes.claimDue(Note.Kind.DELIVERY, NOW, LATER, 1)))
        .extracting(Note::id)
        .containsExactly(early.id());
    assertThat(await(notes.claimDue(Note.Kind.DELIVERY, NOW, LATER, 10)))
        .extracting(Note::id)
        .containsExactly(due.id());
    assertThat(await(notes.claimDue(Note.Kind.DELIVERY, NOW, LATER, 10))).isEmpty();
    assertThat(await(notes.claimDue(Note.Kind.DELIVERY, LATER, LATER.plusSeconds(1), 10)))
        .extracting(Note::id)
        .containsExactlyInAnyOrder(early.id(), due.id(), future.id());
  }

  @Test
  void noteIsReplacedOnlyWhereItIsWhatItWas() {
    Notes notes = store.notes();
    Note before = note(Note.Kind.DELIVERY, "a", NOW, "attempt 1");
    await(notes.put(before));
    Note after = before.with(LATER, bytes("attempt 2"));
    assertThat(await(notes.replace(before, after))).isTrue();
    assertThat(await(notes.replace(before, before.with(LATER, bytes("x"))))).isFalse();
    assertThat(await(notes.claimDue(Note.Kind.DELIVERY, NOW, LATER, 10))).isEmpty();
    Note moved = after.as(Note.Kind.UNDELIVERED, LATER);
    assertThat(await(notes.replace(after, moved))).isTrue();
    assertThat(await(notes.find(Note.Kind.DELIVERY, before.id()))).isEmpty();
    assertThat(await(notes.find(Note.Kind.UNDELIVERED, before.id())).orElseThrow().content())
        .isEqualTo(bytes("attempt 2"));
    assertThat(await(notes.replace(after, after))).isFalse();
  }

  @Test
  void callbackThatComesBeforeItsStartIsKnownIsKeptUntilItIs() {
    Notes notes = store.notes();
    JobId job = job();
    Note first = note(Note.Kind.EARLY, "j1", LATER, "{\"id\":\"j1\"}");
    Note other = note(Note.Kind.EARLY, "j2", LATER, "{\"id\":\"j2\"}");
    assertThat(await(notes.jobOf("j1", first))).isEmpty();
    assertThat(await(notes.jobOf("j2", other))).isEmpty();
    List<Note> came = await(notes.link("j1", job, NOW, Duration.ofMinutes(1)));
    assertThat(came).extracting(Note::id).containsExactly(first.id());
    assertThat(came.getFirst().content()).isEqualTo(first.content());
    Note second = note(Note.Kind.EARLY, "j1", LATER, "{}");
    assertThat(await(notes.jobOf("j1", second))).contains(job);
    assertThat(await(notes.find(Note.Kind.EARLY, second.id()))).isEmpty();
    await(notes.replace(other, other.as(Note.Kind.ORPHAN, LATER)));
    assertThat(await(notes.link("j2", job, NOW, Duration.ofMinutes(1))))
        .extracting(Note::id)
        .containsExactly(other.id());
    await(notes.remove(Note.Kind.EARLY, first.id()));
    assertThat(await(notes.link("j1", job, NOW, Duration.ofMinutes(1)))).isEmpty();
  }

  @Test
  void startAndCallbackRaceAndNeitherMissesTheOther() throws Exception {
    Notes notes = store.notes();
    for (int i = 0; i < RACES / 3; i++) {
      String about = "race" + i;
      JobId job = job();
      CyclicBarrier together = new CyclicBarrier(2);
      var linked =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> {
                meet(together);
                return await(notes.link(about, job, NOW, Duration.ofMinutes(1)));
              });
      meet(together);
      boolean known =
          await(notes.jobOf(about, note(Note.Kind.EARLY, about, LATER, "x"))).isPresent();
      assertThat(linked.get(20, TimeUnit.SECONDS)).hasSize(known ? 0 : 1);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void whatIsOnlyKeptMakesRoomAndGoesAndWhatWaitsIsRefusedInstead() {
    Notes notes = store.notes();
    int most = Note.Kind.REJECTED.most();
    List<Future<Boolean>> kept = new ArrayList<>();
    for (int i = 0; i < most + 200; i++) {
      kept.add(notes.put(note(Note.Kind.REJECTED, "", NOW.plusMillis(i), "x")));
    }
    assertThat(await(Future.all(kept)).<Boolean>list()).doesNotContain(false);
    assertThat(await(notes.count(Note.Kind.REJECTED))).isLessThanOrEqualTo(most);
    while (await(notes.purge(LATER, 100)) > 0) {}
    assertThat(await(notes.count(Note.Kind.REJECTED))).isZero();
    List<Future<Optional<JobId>>> early = new ArrayList<>();
    for (int i = 0; i <= Note.Kind.EARLY.most(); i++) {
      early.add(notes.jobOf("same", note(Note.Kind.EARLY, "same", LATER, "x")));
    }
    await(Future.join(early).otherwiseEmpty());
    assertThat(early).anyMatch(Future::failed);
    assertThat(await(store.find(JobId.create(0, RANDOM)))).isEmpty(); // the store itself is well
  }

  @Test
  void callbackThatWaitsAlreadyIsLookedAtAlsoWhenThereIsNoRoomForMore() {
    Notes notes = store.notes();
    Note waits = note(Note.Kind.EARLY, "same", LATER, "x");
    await(notes.jobOf("same", waits));
    List<Future<Optional<JobId>>> more = new ArrayList<>();
    for (int i = 0; i <= Note.Kind.EARLY.most(); i++) {
      more.add(notes.jobOf("same", note(Note.Kind.EARLY, "same", LATER, "x")));
    }
    await(Future.join(more).otherwiseEmpty());
    assertThat(more.getLast().failed()).isTrue();
    assertThat(await(notes.jobOf("same", waits))).isEmpty();
    assertThat(await(notes.replace(waits, waits.as(Note.Kind.ORPHAN, LATER)))).isTrue();
    assertThat(await(notes.jobOf("same", note(Note.Kind.EARLY, "same", LATER, "x")))).isEmpty();
  }

  @Test
  void oldestMakesRoomAlsoForWhatBecomesOfAnotherKind() {
    Notes notes = store.notes();
    int many = Note.Kind.ORPHAN.most() + 300;
    List<Note> orphans = new ArrayList<>();
    List<Future<Boolean>> moved = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Note early = note(Note.Kind.EARLY, "same", LATER, "x");
      orphans.add(early.as(Note.Kind.ORPHAN, LATER.plusMillis(i)));
      Note orphan = orphans.getLast();
      moved.add(notes.jobOf("same", early).compose(_ -> notes.replace(early, orphan)));
      if (moved.size() == 100) { // early ones are bounded too
        assertThat(await(Future.all(moved)).<Boolean>list()).doesNotContain(false);
        moved.clear();
      }
    }
    assertThat(await(notes.count(Note.Kind.EARLY))).isZero();
    assertThat(await(notes.count(Note.Kind.ORPHAN))).isBetween(1L, (long) Note.Kind.ORPHAN.most());
    assertThat(await(notes.find(Note.Kind.ORPHAN, orphans.getFirst().id()))).isEmpty();
    assertThat(await(notes.find(Note.Kind.ORPHAN, orphans.getLast().id()))).isPresent();
    JobId job = job();
    assertThat(await(notes.link("same", job, NOW, Duration.ofMinutes(1))))
        .hasSize(Math.toIntExact(await(notes.count(Note.Kind.ORPHAN))));
  }

  @Test
  void listsHaveNoBodies() {
    JobId job = job();
    byte[] body = bytes("line\nand another");
    Note note =
        new Note(
            Note.Kind.UNDELIVERED,
            job,
            "about\nit",
            LATER,
            Note.content(new JsonObject().put("url", "u"), body));
    await(store.notes().put(note));
    Note listed = await(store.notes().list(Note.Kind.UNDELIVERED, Optional.empty(), 10)).getFirst();
    assertThat(listed.head().getString("url")).isEqualTo("u");
    assertThat(listed.about()).isEqualTo("about\nit");
    assertThat(listed.body()).isEmpty();
    assertThat(await(store.notes().find(Note.Kind.UNDELIVERED, job)).orElseThrow().body())
        .isEqualTo(body);
  }
}
