package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.job.Attempt;
import io.asyncproxy.job.Change;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.store.JobStore;
import io.asyncproxy.store.StoreUnavailableException;
import io.asyncproxy.store.memory.MemoryJobStore;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** An attempt that was not sent, and that the store may have, is not taken for one that was. */
class UnsentAttemptsTest {
  private final MemoryJobStore memory = new MemoryJobStore(1_000_000);
  private final Queue<Runnable> planned = new ArrayDeque<>();
  private boolean away;
  private int due;

  private final UnsentAttempts unsent =
      new UnsentAttempts(
          unreliable(), UnsentAttemptsTest::notSent, (_, then) -> planned.add(then), () -> due++);

  private JobStore unreliable() {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (_, method, arguments) ->
                away
                    ? Future.failedFuture(new StoreUnavailableException("away"))
                    : method.invoke(memory, arguments));
  }

  private static Change notSent(Job job) {
    return new Change.BackOff(
        new Attempt(job.attempts(), Jobs.CREATED, Attempt.NOT_SENT, "not sent"), Jobs.CREATED);
  }

  private void round() {
    planned.remove().run();
  }

  private Job stored(Job job) {
    return memory.find(job.id()).await().orElseThrow();
  }

  @Test
  void attemptThatWasBegunAndNotSentIsMadeAgain() {
    Job job = Jobs.starting();
    memory.accept(job).await();
    unsent.add(job);
    round();
    assertThat(stored(job).state()).isEqualTo(JobState.ACCEPTED);
    assertThat(stored(job).history())
        .extracting(Attempt::outcome)
        .containsExactly(Attempt.NOT_SENT);
    assertThat(due).isOne();
    assertThat(planned).isEmpty();
  }

  @Test
  void itIsWrittenWhenTheStoreAnswersAgain() {
    Job job = Jobs.starting();
    memory.accept(job).await();
    away = true;
    unsent.add(job);
    round();
    round();
    assertThat(stored(job).state()).isEqualTo(JobState.STARTING);
    away = false;
    round();
    assertThat(stored(job).state()).isEqualTo(JobState.ACCEPTED);
    assertThat(unsent.size()).isZero();
  }

  @Test
  void beginningThatComesToBeLateIsSeen() {
    Job job = Jobs.starting();
    unsent.add(job);
    round();
    memory.accept(job).await();
    round();
    assertThat(stored(job).state()).isEqualTo(JobState.ACCEPTED);
  }

  @Test
  void attemptOfTheSameNumberThatSomebodyElseMadeIsLeftAlone() {
    Job accepted = Jobs.accepted();
    memory.accept(accepted).await();
    Job ours = begun(accepted, 0);
    Change.Start theirs = start(1);
    memory.apply(accepted.id(), theirs).await();
    unsent.add(ours);
    round();
    assertThat(stored(accepted).state()).isEqualTo(JobState.STARTING);
    assertThat(unsent.size()).isZero();
    assertThat(due).isZero();
  }

  private static Job begun(Job job, int second) {
    return job.after(start(second)).orElseThrow();
  }

  private static Change.Start start(int second) {
    return new Change.Start(
        1, Jobs.CREATED.plusSeconds(second), Jobs.CREATED.plusSeconds(second + 30L));
  }

  @Test
  void jobThatIsDecidedMeanwhileIsForgotten() {
    Job job = Jobs.starting();
    memory.accept(job).await();
    memory
        .apply(
            job.id(),
            new Change.Finish(Jobs.result("{}"), Jobs.CREATED, Jobs.CREATED.plusSeconds(60)))
        .await();
    unsent.add(job);
    round();
    assertThat(stored(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(unsent.size()).isZero();
  }

  @Test
  void noMoreAreRememberedThanThereIsRoomFor() {
    for (int i = 0; i < UnsentAttempts.MOST + 1; i++) {
      unsent.add(Jobs.starting());
    }
    round();
    assertThat(unsent.size()).isEqualTo(UnsentAttempts.MOST);
    assertThat(planned).hasSize(1);
  }
}
