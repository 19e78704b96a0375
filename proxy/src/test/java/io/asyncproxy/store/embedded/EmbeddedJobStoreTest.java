package io.asyncproxy.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Progress;
import io.asyncproxy.job.Result;
import io.asyncproxy.job.Via;
import io.asyncproxy.store.Claim;
import io.asyncproxy.store.JobName;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.JobStoreContract;
import io.asyncproxy.store.Notes;
import io.asyncproxy.store.StoreUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store keeps the contract, and its directory to itself. */
class EmbeddedJobStoreTest extends JobStoreContract {
  @TempDir private Path folder;
  private final List<String> stops = new ArrayList<>();

  @Override
  protected JobStore open() {
    return open(folder.resolve("data"));
  }

  private JobStore open(Path directory) {
    return EmbeddedJobStore.open(directory, InstantSource.fixed(NOW), stops::add);
  }

  private Path database() {
    return folder.resolve("data").resolve("jobs.db");
  }

  @Override
  protected long rows() throws Exception {
    long rows = 0;
    for (String table : List.of("jobs", "keys", "attempts", "conflicts")) {
      rows += number("SELECT count(*) FROM " + table);
    }
    return rows;
  }

  private long number(String sql) throws Exception {
    try (Connection connection = Connections.reader(database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  @Test
  void whatWasKeptIsThereAfterARestart() {
    Job job = Job.starting(submission("a"), LATER);
    await(store.accept(job));
    await(store.apply(job.id(), finish("{\"id\":\"1\"}")));
    await(store.secret("s", "one"));
    await(store.close());
    store = open();
    assertThat(find(job.id()).result().orElseThrow().body()).asString().isEqualTo("{\"id\":\"1\"}");
    assertThat(await(store.secret("s", "two"))).isEqualTo("one");
  }

  @Test
  void afterARestartWhatWasNotRunningIsDueAtOnce() {
    Job accepted = Job.accepted(submission("a"), LATER);
    Job starting = Job.starting(submission("b"), LATER);
    Job running = Job.starting(submission("c"), LATER);
    List.of(accepted, starting, running).forEach(job -> await(store.accept(job)));
    await(
        store.apply(
            running.id(),
            new io.asyncproxy.job.Change.Started(1, java.util.Optional.empty(), LATER)));
    await(store.close());
    store = open();
    assertThat(await(store.claimDue(new Claim(NOW, LATER, LIFETIMES), 10)))
        .extracting(Job::state)
        .containsExactlyInAnyOrder(JobState.ACCEPTED, JobState.STARTING);
  }

  @Test
  void secondProcessIsToldWhoHoldsTheStore() {
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
  }

  @Test
  void onlyTheOwnerMayReadIt() throws Exception {
    await(store.accept(Job.accepted(submission("a"), LATER)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database().getParent())))
        .isEqualTo("rwx------");
    try (var files = Files.list(database().getParent())) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("jobs")).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void fileThatIsNoDatabaseIsNamedAndLeftAlone() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(
        other.resolve("jobs.db"), "this is no database, but it is long enough".repeat(50));
    assertThatThrownBy(() -> open(other))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("other can't be opened")
        .hasMessageContaining("not a database");
    assertThat(Files.readString(other.resolve("jobs.db"))).startsWith("this is no database");
  }

  @Test
  void jobThatCannotBeReadKeepsNoOtherFromItsTurn() throws Exception {
    assertUnreadableIsPassedOver(this::garble);
  }

  private void garble(JobId id) throws Exception {
    try (Connection connection = Connections.writer(database());
        var garbled = connection.prepareStatement("UPDATE jobs SET replay_of=x'00' WHERE id=?")) {
      garbled.setBytes(1, JobRow.bytes(id));
      assertThat(garbled.executeUpdate()).isOne();
    }
  }

  @Test
  void databaseOfANewerVersionIsRefused() throws Exception {
    await(store.close());
    int version;
    try (Connection connection = Connections.writer(database());
        Statement statement = connection.createStatement()) {
      version = statement.executeQuery("PRAGMA user_version").getInt(1);
      statement.executeUpdate("PRAGMA user_version=999");
    }
    assertThatThrownBy(this::open).hasMessageContaining("newer version");
    try (Connection connection = Connections.writer(database());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version=" + version);
    }
    store = open();
  }

  @Test
  void everyChangeThatSaysANameNamesTheJob() {
    Notes notes = store.notes();
    assertThat(notes.knowNamedJobs()).isTrue();
    JobId started = job("a", new Via("", "", true, Optional.empty()));
    JobId went = job("a", new Via("r", "", true, Optional.empty()));
    JobId done = job("a", new Via("", "", true, Optional.empty()));
    JobId byUrl = job("a", Via.DEFAULT);
    await(store.apply(started, new Change.Started(1, Optional.of("s"), LATER)));
    Progress progress = new Progress(NOW, bytes("{}"));
    await(store.apply(went, new Change.Progressed(progress, Optional.of("p"), LATER)));
    Result result = new Result(bytes("{}"), false, Optional.empty());
    await(store.apply(done, new Change.Finish(result, Optional.of("d"), NOW, LATER)));
    await(store.apply(byUrl, new Change.Started(1, Optional.of("u"), LATER)));
    assertThat(await(notes.jobOf("s"))).contains(started);
    assertThat(await(notes.jobOf(new JobName("r", "p").text()))).contains(went);
    assertThat(await(notes.jobOf("p"))).isEmpty();
    assertThat(await(notes.jobOf("d"))).contains(done);
    assertThat(await(notes.jobOf("u"))).isEmpty();
    assertThat(await(store.purge(LATER, 10))).isEqualTo(1);
    assertThat(await(notes.jobOf("d"))).isEmpty();
  }

  @Test
  void namesOfAnOlderDatabaseAreTheJobsOwn() throws Exception {
    Job named = Job.starting(submission("a"), LATER);
    Job unnamed = Job.starting(submission("a"), LATER);
    List.of(named, unnamed).forEach(job -> await(store.accept(job)));
    await(store.apply(named.id(), new Change.Started(1, Optional.of("n1"), LATER)));
    await(store.close());
    try (Connection connection = Connections.writer(database());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DROP INDEX names");
      statement.executeUpdate("ALTER TABLE jobs DROP COLUMN by_id");
      statement.executeUpdate("ALTER TABLE jobs DROP COLUMN trace");
      statement.executeUpdate(
          "CREATE TABLE links (about TEXT NOT NULL PRIMARY KEY, job BLOB NOT NULL, until INTEGER"
              + " NOT NULL) WITHOUT ROWID");
      for (Job job : List.of(named, unnamed)) {
        try (var insert = connection.prepareStatement("INSERT INTO links VALUES (?,?,0)")) {
          insert.setString(1, job.equals(named) ? "n1" : "n2");
          insert.setBytes(2, JobRow.bytes(job.id()));
          insert.executeUpdate();
        }
      }
      statement.executeUpdate("PRAGMA user_version=3");
    }
    store = open();
    assertThat(await(store.notes().jobOf("n1"))).contains(named.id());
    assertThat(await(store.notes().jobOf("n2"))).contains(unnamed.id());
  }

  @Test
  void operatorCanReadItWhileItRuns() throws Exception {
    Job job = Job.accepted(submission("somebody"), LATER);
    await(store.accept(job));
    Process sqlite =
        new ProcessBuilder(
                "sqlite3",
                "-readonly",
                database().toString(),
                "SELECT id,account,state,created_at FROM readable_jobs")
            .redirectErrorStream(true)
            .start();
    assertThat(
            new String(
                sqlite.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(job.id() + "|somebody|accepted|2026-01-02T03:04:05.678Z\n");
  }

  @Test
  void dueAndExpiryAreFoundByTheirIndexes() throws Exception {
    for (String query :
        List.of(
            "SELECT id FROM jobs WHERE state<3 AND wake_at<=1 ORDER BY wake_at,id LIMIT 1",
            "SELECT id FROM jobs WHERE state>=3 AND wake_at<=1 ORDER BY wake_at LIMIT 1",
            "SELECT id FROM jobs WHERE id<x'ff' AND state>=6 AND state IN (6,7) ORDER BY id DESC"
                + " LIMIT 1",
            "UPDATE jobs SET wake_at=1 WHERE state<2 AND state<3 AND wake_at>1")) {
      try (Connection connection = Connections.writer(database());
          Statement statement = connection.createStatement();
          ResultSet plan = statement.executeQuery("EXPLAIN QUERY PLAN " + query)) {
        plan.next();
        assertThat(plan.getString("detail")).as(query).contains("USING").contains("INDEX");
      }
    }
  }

  @Test
  void jobThatWaitsForAnotherAttemptKeepsItsTimeOverARestart() throws Exception {
    Instant soon = Instant.now().plusSeconds(5);
    Instant named = Instant.now().plusSeconds(600);
    Job waits = Job.starting(submission("waits"), soon);
    Job lost = Job.starting(submission("lost"), soon);
    Job fresh = Job.accepted(submission("fresh"), soon);
    List.of(waits, lost, fresh).forEach(job -> await(store.accept(job)));
    await(store.apply(waits.id(), new Change.BackOff(attempt(1), named)));
    await(store.close());
    store = open();
    assertThat(find(waits.id()).wakeAt().toEpochMilli()).isEqualTo(named.toEpochMilli());
    assertThat(find(lost.id()).wakeAt()).isBefore(soon);
    assertThat(find(fresh.id()).wakeAt()).isBefore(soon);
  }
}
