package io.asyncproxy.dispatch;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a connection next: at most so many at once in all and for each account, accounts with
 * work served in turn. An account can be paused: its items wait, and others' are not delayed. Every
 * operation takes constant time. Not thread-safe, knows no clock.
 *
 * @param <T> what waits
 */
final class FairQueue<T> {
  private final Map<String, Account> accounts = new HashMap<>();
  private final Queue<Account> ready = new ArrayDeque<>();
  private final int perAccount;
  private int free;
  private int waiting;
  private int accountsWaiting;

  /** So many permits in all, and for each account. */
  FairQueue(int permits, int perAccount) {
    this.free = permits;
    this.perAccount = perAccount;
  }

  /** Takes a permit for {@code account} at once, if that overtakes nobody. */
  boolean tryAcquire(String account) {
    if (free == 0 || !ready.isEmpty()) {
      return false;
    }
    Account mine = accounts.computeIfAbsent(account, Account::new);
    if (!mine.hasRoom()) {
      return false;
    }
    mine.take();
    return true;
  }

  /** Queues {@code item} behind its account's others. */
  void add(String account, T item) {
    Account mine = accounts.computeIfAbsent(account, Account::new);
    accountsWaiting += mine.items.isEmpty() ? 1 : 0;
    mine.items.add(item);
    waiting++;
    mine.getReady();
  }

  /** Takes the next item whose turn it is, with a permit for its account. */
  Optional<T> next() {
    if (free == 0) {
      return Optional.empty();
    }
    Account first = firstReady();
    if (first == null) {
      return Optional.empty();
    }
    T item = first.items.remove();
    accountsWaiting -= first.items.isEmpty() ? 1 : 0;
    waiting--;
    first.take();
    first.getReady();
    return Optional.of(item);
  }

  /** Who was paused when its turn came loses it, and comes again after the pause. */
  private @Nullable Account firstReady() {
    for (Account first = ready.poll(); first != null; first = ready.poll()) {
      first.isReady = false;
      if (first.hasRoom()) {
        return first;
      }
    }
    return null;
  }

  /** Gives back a permit of {@code account}. */
  void release(String account) {
    Account mine = accounts.get(account);
    if (mine == null || mine.inUse == 0) {
      throw new IllegalStateException("a permit was given back that nobody took");
    }
    mine.inUse--;
    free++;
    mine.getReady();
    forgetIfIdle(account, mine);
  }

  /**
   * Nothing of {@code account} is started until {@link #resume}, which has to be called at {@code
   * until}; false where it is paused for as long already.
   */
  boolean pause(String account, long until) {
    Account mine = accounts.computeIfAbsent(account, Account::new);
    if (mine.paused && mine.pausedUntil - until >= 0) {
      return false;
    }
    mine.paused = true;
    mine.pausedUntil = until;
    return true;
  }

  /** Ends the pause of {@code account}, if it is over by now. */
  void resume(String account, long now) {
    Account mine = accounts.get(account);
    if (mine != null && mine.paused && now - mine.pausedUntil >= 0) {
      mine.paused = false;
      mine.getReady();
      forgetIfIdle(account, mine);
    }
  }

  /** How long {@code account} is still paused; 0 where it is not. */
  long pausedFor(String account, long now) {
    Account mine = accounts.get(account);
    return mine != null && mine.paused ? Math.max(0, mine.pausedUntil - now) : 0;
  }

  private void forgetIfIdle(String account, Account mine) {
    if (mine.inUse == 0 && !mine.paused && mine.items.isEmpty()) {
      accounts.remove(account);
    }
  }

  /**
   * How many items are started before a new one of {@code account} at most, accounts being served
   * in turn.
   */
  long ahead(String account) {
    Account mine = accounts.get(account);
    long own = mine == null ? 0 : mine.items.size();
    return Math.min(waiting, (own + 1) * (long) accountsWaiting);
  }

  /** How many items wait. */
  int waiting() {
    return waiting;
  }

  /** The {@code most} accounts with the most items that wait, and how many, the most first. */
  List<Map.Entry<String, Integer>> busiest(int most) {
    Comparator<Map.Entry<String, Integer>> bySize = Map.Entry.comparingByValue();
    PriorityQueue<Map.Entry<String, Integer>> top = new PriorityQueue<>(bySize);
    accounts.forEach(
        (name, account) -> {
          int size = account.items.size();
          if (size > 0 && (top.size() < most || size > top.element().getValue())) {
            top.add(Map.entry(name, size));
            if (top.size() > most) {
              top.remove();
            }
          }
        });
    return top.stream().sorted(bySize.reversed()).toList();
  }

  /** How many accounts have a permit, wait or are paused. */
  int accounts() {
    return accounts.size();
  }

  private final class Account {
    private final Queue<T> items = new ArrayDeque<>(2);
    private int inUse;
    private boolean paused;
    private long pausedUntil;
    private boolean isReady;

    Account(String name) {}

    boolean hasRoom() {
      return inUse < perAccount && !paused;
    }

    void take() {
      inUse++;
      free--;
    }

    void getReady() {
      if (!isReady && !items.isEmpty() && hasRoom()) {
        isReady = true;
        ready.add(this);
      }
    }
  }
}
