package io.asyncproxy.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.job.Job;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.job.Submission;
import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real disk that is full, or read-only. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // mounted before each test
class FullDiskTest {
  private static final int BODY = 20_000;
  private static final int MANY = 1_000;

  @TempDir private Path folder;
  private SmallDisk disk;
  private final List<String> stops = new CopyOnWriteArrayList<>();

  @BeforeEach
  void mount() throws Exception {
    try {
      disk = SmallDisk.at(folder.resolve("disk"), "4m");
    } catch (IOException notAllowed) {
      Assumptions.abort("only root can mount: " + notAllowed.getMessage());
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  private Path directory() {
    return disk.path().resolve("store");
  }

  private EmbeddedJobStore open() {
    return EmbeddedJobStore.open(directory(), InstantSource.fixed(Jobs.CREATED), stops::add);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  private static Job bigJob() {
    Submission plain = Jobs.submission(Optional.empty());
    Submission big =
        new Submission(plain.id(), "big", new byte[BODY], plain.createdAt(), Optional.empty());
    return Job.accepted(big, Jobs.CREATED.plusSeconds(30));
  }

  /** Accepts jobs until one fails; those that were accepted are added to {@code kept}. */
  private static Job acceptUntilFull(EmbeddedJobStore store, List<Job> kept) throws Exception {
    for (int i = 0; i < MANY; i++) {
      Job job = bigJob();
      try {
        await(store.accept(job));
        kept.add(job);
      } catch (StoreUnavailableException full) {
        assertThat(full).hasMessage("the disk is full");
        return job;
      }
    }
    throw new AssertionError("it never got full");
  }

  /** A small write may still fit where a big one did not. */
  private static void checkUntilFull(EmbeddedJobStore store) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < MANY; i++) {
                await(store.check());
              }
            })
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("the disk is full");
  }

  @Test
  void fullDiskRefusesWritesAndFreedItTakesThemAgain() throws Exception {
    EmbeddedJobStore store = open();
    List<Job> kept = new ArrayList<>();
    Job first = bigJob();
    await(store.accept(first));
    kept.add(first);
    disk.fill();
    Job refused = acceptUntilFull(store, kept);
    checkUntilFull(store);
    assertThat(await(store.find(first.id()))).isPresent();
    assertThat(stops).isEmpty();

    disk.free();
    await(store.check());
    Job after = bigJob();
    await(store.accept(after));
    kept.add(after);
    await(store.close());
    assertThat(stops).isEmpty();
    EmbeddedJobStore reopened = open();
    for (Job job : kept) {
      assertThat(await(reopened.find(job.id()))).isPresent();
    }
    assertThat(await(reopened.find(refused.id()))).isEmpty();
    await(reopened.close());
  }

  @Test
  void storeOnAFullDiskIsNotOpenedAndSaysWhy() throws Exception {
    disk.fill();
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(directory().toString())
        .hasMessageMatching("(?is).*(no space left|full).*");
    disk.free();
    await(open().close());
  }

  @Test
  void readOnlyDiskIsNotOpenedAndSaysWhy() throws Exception {
    await(open().close());
    disk.makeReadOnly();
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(directory().toString())
        .hasMessageContaining("Read-only");
  }

  @Test
  void emptyReadOnlyDiskIsNotOpenedAndSaysWhy() throws Exception {
    disk.makeReadOnly();
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(directory().toString())
        .hasMessageContaining("Read-only");
  }

  @Test
  void readOnlyDatabaseIsNotOpenedAndSaysWhy() throws Exception {
    await(open().close());
    Path database = directory().resolve("jobs.db");
    SmallDisk.makeReadOnly(database);
    try {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(directory().toString())
          .hasMessageMatching("(?is).*read-?only.*");
    } finally {
      SmallDisk.unmount(database);
    }
    await(open().close());
  }
}
