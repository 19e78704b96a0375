package io.asyncproxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The queue against a plain model of it, over many random operations. */
class FairQueueModelTest {
  private static final int OPERATIONS = 50_000;

  private record Item(int account, long number) {}

  @ParameterizedTest
  @CsvSource({"1,1,3", "4,1,10", "8,3,5", "16,16,40"})
  void keepsWithinLimitsLosesNothingAndLeavesNoPermitIdle(
      int permits, int perAccount, int accounts) {
    new Model(permits, perAccount, accounts).run(new Random(permits * 31L + accounts));
  }

  private static final class Model {
    private final FairQueue<Item> queue;
    private final int permits;
    private final int perAccount;
    private final List<Queue<Item>> waiting = new ArrayList<>();
    private final int[] inUse;
    private int used;
    private long added;
    private long taken;

    Model(int permits, int perAccount, int accounts) {
      this.queue = new FairQueue<>(permits, perAccount);
      this.permits = permits;
      this.perAccount = perAccount;
      this.inUse = new int[accounts];
      for (int i = 0; i < accounts; i++) {
        waiting.add(new ArrayDeque<>());
      }
    }

    void run(Random random) {
      for (int i = 0; i < OPERATIONS; i++) {
        boolean growing = i / 1000 % 2 == 0;
        int account = random.nextInt(inUse.length);
        switch (random.nextInt(growing ? 4 : 6)) {
          case 0, 1 -> add(account);
          case 2 -> tryAcquire(account);
          case 3 -> next();
          default -> release(account);
        }
        check();
      }
      drain();
      assertThat(taken).isEqualTo(added).isGreaterThan(OPERATIONS / 8);
    }

    private void add(int account) {
      Item item = new Item(account, added++);
      queue.add("account" + account, item);
      waiting.get(account).add(item);
    }

    private void tryAcquire(int account) {
      boolean may = used < permits && inUse[account] < perAccount && !someoneCanGo();
      assertThat(queue.tryAcquire("account" + account)).isEqualTo(may);
      if (may) {
        use(account);
      }
    }

    private void next() {
      boolean may = used < permits && someoneCanGo();
      Optional<Item> next = queue.next();
      assertThat(next.isPresent()).isEqualTo(may);
      next.ifPresent(
          item -> {
            assertThat(waiting.get(item.account()).remove()).isEqualTo(item);
            use(item.account());
            taken++;
          });
    }

    private void release(int account) {
      if (inUse[account] > 0) {
        queue.release("account" + account);
        inUse[account]--;
        used--;
      }
    }

    private void use(int account) {
      inUse[account]++;
      used++;
      assertThat(used).isLessThanOrEqualTo(permits);
      assertThat(inUse[account]).isLessThanOrEqualTo(perAccount);
    }

    /** Whether an item waits whose account has room. */
    private boolean someoneCanGo() {
      for (int account = 0; account < inUse.length; account++) {
        if (!waiting.get(account).isEmpty() && inUse[account] < perAccount) {
          return true;
        }
      }
      return false;
    }

    private void check() {
      int items = 0;
      int alive = 0;
      for (int account = 0; account < inUse.length; account++) {
        items += waiting.get(account).size();
        alive += inUse[account] > 0 || !waiting.get(account).isEmpty() ? 1 : 0;
      }
      assertThat(queue.waiting()).isEqualTo(items);
      assertThat(queue.accounts()).isEqualTo(alive);
    }

    /** Within a round of all accounts each gets its turn, however much the others have. */
    private void drain() {
      while (queue.waiting() > 0) {
        for (int account = 0; account < inUse.length; account++) {
          while (inUse[account] > 0) {
            release(account);
          }
        }
        fairRound();
        check();
      }
      for (int account = 0; account < inUse.length; account++) {
        while (inUse[account] > 0) {
          release(account);
        }
      }
      assertThat(queue.accounts()).isZero();
    }

    private void fairRound() {
      Map<Integer, Integer> served = new HashMap<>();
      for (Optional<Item> next = queue.next(); next.isPresent(); next = queue.next()) {
        Item item = next.get();
        assertThat(waiting.get(item.account()).remove()).isEqualTo(item);
        use(item.account());
        taken++;
        served.merge(item.account(), 1, Integer::sum);
        int most = served.values().stream().mapToInt(n -> n).max().orElseThrow();
        assertThat(most - least(served)).as("turns that one is ahead of another").isLessThan(3);
      }
      assertThat(used == permits || !someoneCanGo()).as("no permit is left idle").isTrue();
    }

    /** The turns of who had the fewest and still waits; of who had most where nobody waits. */
    private int least(Map<Integer, Integer> served) {
      int least = Integer.MAX_VALUE;
      for (int account = 0; account < inUse.length; account++) {
        if (!waiting.get(account).isEmpty() && inUse[account] < perAccount) {
          least = Math.min(least, served.getOrDefault(account, 0));
        }
      }
      return least == Integer.MAX_VALUE
          ? served.values().stream().mapToInt(n -> n).max().orElseThrow()
          : least;
    }
  }
}
