package io.asyncproxy.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.JobStoreContract;
import io.asyncproxy.store.Note;
import io.asyncproxy.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory store keeps the contract, within its memory. */
class MemoryJobStoreTest extends JobStoreContract {
  @Override
  protected JobStore open() {
    return new MemoryJobStore(100_000_000);
  }

  @Override
  protected long rows() {
    return ((MemoryJobStore) store).rows();
  }

  @Test
  void whenItIsFullTheOldestFinishedJobsGoFirst() {
    JobStore small = new MemoryJobStore(10_000);
    Job first = Job.starting(submission("first"), LATER);
    await(small.accept(first));
    await(small.apply(first.id(), finish("{}")));
    for (int i = 0; i < 100; i++) {
      Job job = Job.starting(submission("next"), LATER);
      await(small.accept(job));
      await(small.apply(job.id(), finish("{}")));
    }
    assertThat(await(small.find(first.id()))).isEmpty();
  }

  @Test
  void whenItIsFullOfUnfinishedJobsNewOnesAreRefused() {
    JobStore small = new MemoryJobStore(2_000);
    for (int i = 0; i < 3; i++) {
      await(small.accept(Job.accepted(submission("a"), LATER)));
    }
    assertThatThrownBy(() -> await(small.accept(Job.accepted(submission("a"), LATER))))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void notesThatAreOnlyKeptMakeRoomForNewOnesBeforeTheyTakeAllMemory() {
    JobStore roomy = new MemoryJobStore(2_000);
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      ids.add(JobId.create(NOW.toEpochMilli(), RANDOM));
      byte[] mebibyte = new byte[1 << 20];
      Note note = new Note(Note.Kind.REJECTED, ids.getLast(), "", LATER.plusSeconds(i), mebibyte);
      assertThat(await(roomy.notes().put(note))).isTrue();
    }
    assertThat(await(roomy.notes().count(Note.Kind.REJECTED))).isEqualTo(64);
    assertThat(await(roomy.notes().find(Note.Kind.REJECTED, ids.getFirst()))).isEmpty();
    assertThat(await(roomy.notes().find(Note.Kind.REJECTED, ids.getLast()))).isPresent();
  }

  @Test
  void earlyCallbacksAreRefusedBeforeTheyTakeAllMemory() {
    JobStore roomy = new MemoryJobStore(2_000);
    for (int i = 0; i <= 64; i++) {
      JobId id = JobId.create(NOW.toEpochMilli(), RANDOM);
      Note note = new Note(Note.Kind.EARLY, id, "e" + i, LATER, new byte[1 << 20]);
      assertThat(await(roomy.notes().put(note))).isEqualTo(i < 64);
    }
  }
}
