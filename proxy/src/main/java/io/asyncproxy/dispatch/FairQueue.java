package io.asyncproxy.dispatch;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Who may use a connection next: at most so many at once in all and for each account, accounts with
 * work served in turn. Every operation takes constant time. Not thread-safe, knows no clock.
 *
 * @param <T> what waits
 */
final class FairQueue<T> {
  private final Map<String, Account> accounts = new HashMap<>();
  private final Queue<Account> ready = new ArrayDeque<>();
  private final int perAccount;
  private int free;
  private int waiting;

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
    mine.items.add(item);
    waiting++;
    mine.getReady();
  }

  /** Takes the next item whose turn it is, with a permit for its account. */
  Optional<T> next() {
    if (free == 0) {
      return Optional.empty();
    }
    Account first = ready.poll();
    if (first == null) {
      return Optional.empty();
    }
    first.isReady = false;
    T item = first.items.remove();
    waiting--;
    first.take();
    first.getReady();
    return Optional.of(item);
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
    if (mine.inUse == 0 && mine.items.isEmpty()) {
      accounts.remove(account);
    }
  }

  /** How many items wait. */
  int waiting() {
    return waiting;
  }

  /** How many accounts have a permit or wait. */
  int accounts() {
    return accounts.size();
  }

  private final class Account {
    private final Queue<T> items = new ArrayDeque<>(2);
    private int inUse;
    private boolean isReady;

    Account(String name) {}

    boolean hasRoom() {
      return inUse < perAccount;
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
