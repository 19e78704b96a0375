package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Accounts are served in turn, within both limits. */
class FairQueueTest {

  @Test
  void accountsAreServedInTurn() {
    FairQueue<String> queue = new FairQueue<>(100, 100);
    for (int i = 1; i <= 3; i++) {
      for (String account : List.of("a", "b", "c")) {
        queue.add(account, account + i);
      }
    }

    assertThat(all(queue)).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
  }

  @Test
  void accountOrderIsThatOfArrivalAndItemsAreFirstInFirstOut() {
    FairQueue<String> queue = new FairQueue<>(100, 100);
    queue.add("b", "b1");
    queue.add("b", "b2");
    queue.add("b", "b3");
    queue.add("a", "a1");

    assertThat(all(queue)).containsExactly("b1", "a1", "b2", "b3");
  }

  @Test
  void noAccountGetsMoreThanItsLimit() {
    FairQueue<String> queue = new FairQueue<>(100, 2);
    for (int i = 1; i <= 5; i++) {
      queue.add("a", "a" + i);
    }
    queue.add("b", "b1");

    assertThat(all(queue)).containsExactly("a1", "b1", "a2");
    queue.release("a");
    assertThat(all(queue)).containsExactly("a3");
  }

  @Test
  void allAccountsTogetherGetNoMoreThanTheTotal() {
    FairQueue<String> queue = new FairQueue<>(3, 2);
    for (String account : List.of("a", "b", "c", "d")) {
      queue.add(account, account);
    }

    assertThat(all(queue)).containsExactly("a", "b", "c");
    queue.release("b");
    assertThat(all(queue)).containsExactly("d");
  }

  @Test
  void permitTakenAtOnceCountsForBothLimits() {
    FairQueue<String> queue = new FairQueue<>(2, 1);

    assertThat(queue.tryAcquire("a")).isTrue();
    assertThat(queue.tryAcquire("a")).isFalse();
    assertThat(queue.tryAcquire("b")).isTrue();
    assertThat(queue.tryAcquire("c")).isFalse();
    queue.release("a");
    assertThat(queue.tryAcquire("c")).isTrue();
  }

  @Test
  void whoComesNewDoesNotOvertakeItsOwnAccount() {
    FairQueue<String> queue = new FairQueue<>(2, 2);
    queue.add("a", "a1");

    assertThat(queue.tryAcquire("a")).isFalse();
    assertThat(all(queue)).containsExactly("a1");
    assertThat(queue.tryAcquire("a")).isTrue();
  }

  @Test
  void whoComesNewDoesNotOvertakeAnotherAccount() {
    FairQueue<String> queue = new FairQueue<>(2, 1);
    queue.add("a", "a1");

    assertThat(queue.tryAcquire("b")).isFalse();
    assertThat(all(queue)).containsExactly("a1");
    assertThat(queue.tryAcquire("b")).isTrue();
  }

  @Test
  void whoWaitsForItsOwnAccountOnlyIsNotOvertakenByAnother() {
    FairQueue<String> queue = new FairQueue<>(2, 1);
    queue.tryAcquire("a");
    queue.add("a", "a2");

    assertThat(queue.tryAcquire("a")).isFalse();
    assertThat(queue.tryAcquire("b")).as("a2 could not use this permit").isTrue();
  }

  @Test
  void tenThousandItemsDelayAnotherAccountByOne() {
    FairQueue<String> queue = new FairQueue<>(1, 1);
    for (int i = 0; i < 10_000; i++) {
      queue.add("greedy", "greedy");
    }
    for (int round = 0; round < 100; round++) {
      queue.add("modest", "modest");
      List<String> served = List.of(serve(queue), serve(queue));
      assertThat(served).contains("modest");
    }
  }

  @Test
  void tenThousandItemsDelayAnotherAccountByOneWithManyPermitsToo() {
    FairQueue<String> queue = new FairQueue<>(20_000, 20_000);
    for (int i = 0; i < 10_000; i++) {
      queue.add("greedy", "greedy");
    }
    queue.next();
    queue.add("modest", "modest");

    assertThat(List.of(queue.next(), queue.next())).contains(Optional.of("modest"));
  }

  @Test
  void idleAccountsAreForgotten() {
    FairQueue<String> queue = new FairQueue<>(10, 1);
    for (int i = 0; i < 1000; i++) {
      String account = "account" + i;
      assertThat(queue.tryAcquire(account)).isTrue();
      queue.add(account, account);
      queue.release(account);
      assertThat(queue.accounts()).isEqualTo(1);
      assertThat(queue.next()).contains(account);
      queue.release(account);
    }

    assertThat(queue.accounts()).isZero();
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void refusedAccountsAreNotRemembered() {
    FairQueue<String> queue = new FairQueue<>(1, 1);
    queue.tryAcquire("a");

    assertThat(queue.tryAcquire("b")).isFalse();
    assertThat(queue.accounts()).isEqualTo(1);
  }

  @Test
  void permitThatNobodyTookCannotBeGivenBack() {
    FairQueue<String> queue = new FairQueue<>(1, 1);
    assertThatThrownBy(() -> queue.release("a")).isInstanceOf(IllegalStateException.class);

    queue.add("a", "a1");
    assertThatThrownBy(() -> queue.release("a")).isInstanceOf(IllegalStateException.class);

    queue.next();
    queue.release("a");
    assertThatThrownBy(() -> queue.release("a")).isInstanceOf(IllegalStateException.class);
    assertThat(queue.tryAcquire("b")).isTrue();
    assertThat(queue.tryAcquire("c")).as("the failed releases gave nothing").isFalse();
  }

  @Test
  void emptyQueueGivesNothing() {
    FairQueue<String> queue = new FairQueue<>(1, 1);

    assertThat(queue.next()).isEmpty();
    assertThat(queue.tryAcquire("a")).as("and takes no permit for it").isTrue();
  }

  private static String serve(FairQueue<String> queue) {
    String account = queue.next().orElseThrow();
    queue.release(account);
    return account;
  }

  /** Everything that may go now; nothing is given back. */
  private static List<String> all(FairQueue<String> queue) {
    List<String> all = new ArrayList<>();
    for (Optional<String> next = queue.next(); next.isPresent(); next = queue.next()) {
      all.add(next.get());
    }
    return all;
  }

  @Test
  void busiestAccountsAreThoseWithTheMostThatWait() {
    FairQueue<Integer> queue = new FairQueue<>(1, 1);
    assertThat(queue.busiest(2)).isEmpty();
    for (int i = 0; i < 6; i++) {
      queue.add("c", i);
    }
    queue.add("a", 1);
    for (int i = 0; i < 3; i++) {
      queue.add("b", i);
    }
    assertThat(queue.busiest(2)).containsExactly(Map.entry("c", 6), Map.entry("b", 3));
    assertThat(queue.next()).isPresent();
    assertThat(queue.busiest(9))
        .containsExactly(Map.entry("c", 5), Map.entry("b", 3), Map.entry("a", 1));
  }
}
