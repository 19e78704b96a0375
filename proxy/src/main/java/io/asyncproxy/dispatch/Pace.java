package io.asyncproxy.dispatch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * How fast jobs are started: as fast as they come until the job server says that it is too busy
 * (429, 503), then additive increase, multiplicative decrease (D. Chiu, R. Jain, 1989): a busy
 * answer cuts the rate to a share of what the job server just accepted, and every second without
 * one raises it by a step that doubles, so that a limit that was lifted is noticed soon. As long as
 * fewer than one answer in ten is busy, as where a job server sheds a few at random whatever the
 * rate, nothing is cut: slower would help nobody, and the few are tried again.
 *
 * <p>{@code Retry-After} is a hard stop: for the account that was told so (see {@link FairQueue}),
 * and for all once several accounts are told so at the same time, a minute at most.
 *
 * <p>Knows no clock and no thread: times are nanoseconds of any monotonic clock. Not thread-safe.
 */
final class Pace {
  /** Starts per second that are always tried. */
  static final double FLOOR = 1;

  private static final double UNLIMITED = Double.POSITIVE_INFINITY;
  private static final double CUT = 0.9;
  private static final double FIRST_STEP = 0.02;

  /** A rate beyond this is no limit any more. */
  private static final double MOST = 20_000;

  private static final long SECOND = 1_000_000_000L;

  /** Busy answers closer together than this are about the same moment. */
  private static final long EPISODE = SECOND / 2;

  /** How much may be caught up at once by who looks seldom. */
  private static final long CATCH_UP = SECOND / 50;

  private static final int ACCOUNTS_FOR_A_STOP = 3;

  /** Accounts that were told nothing are tried again by then, whatever the others were told. */
  private static final long LONGEST_STOP = 60 * SECOND;

  /** The share of busy answers below which the rate is not to blame. */
  private static final double TOLERATED = 0.1;

  /** Over how many of the last answers the share is taken: about half a second's, but no more. */
  private static final int MOST_REMEMBERED = 512;

  private static final int FEWEST_REMEMBERED = 4;

  /**
   * With how many good answers a judgement begins: else one busy answer among the first few of a
   * new process would hold it back for seconds.
   */
  private static final int BENEFIT_OF_THE_DOUBT = 20;

  /** Answers longer ago than this say nothing about now. */
  private static final long FORGOTTEN_AFTER = 2 * SECOND;

  private double limit = UNLIMITED;
  private double step;
  private long nextStart;
  private long grownAt;
  private long cutAt;
  private long stoppedUntil;
  private boolean stopped;
  private boolean wanted;
  private final Set<String> busyAccounts = new HashSet<>();
  private long busyAccountsSince;
  private long windowAt;
  private int accepted;
  private double lastRate;
  private double busyShare;
  private int answers = BENEFIT_OF_THE_DOUBT;
  private long answeredAt;

  /** Whether a job may be started now. */
  boolean allows(long now) {
    if (limit == UNLIMITED) {
      return true;
    }
    grow(now);
    boolean free = opensIn(now) == 0;
    wanted |= !free;
    return free;
  }

  /** A job is started now, as {@link #allows} said that it may. */
  void start(long now) {
    if (limit != UNLIMITED) {
      nextStart = Math.max(nextStart, now - CATCH_UP) + (long) (SECOND / limit);
    }
  }

  /** How long until a job may be started; 0 for now. */
  long opensIn(long now) {
    if (limit == UNLIMITED) {
      return 0;
    }
    long byRate = Math.max(0, nextStart - now);
    return stopped ? Math.max(byRate, stoppedUntil - now) : byRate;
  }

  /** The job server accepted a start. */
  void accepted(long now) {
    roll(now);
    answered(0, now);
    accepted++;
  }

  /** A moving average: of all answers at first, then weighed down exponentially. */
  private void answered(int busy, long now) {
    if (now - answeredAt > FORGOTTEN_AFTER) {
      judgeAfresh(BENEFIT_OF_THE_DOUBT);
    }
    int remembered = (int) Math.clamp(limit / 2, FEWEST_REMEMBERED, MOST_REMEMBERED);
    answers = Math.min(answers + 1, remembered);
    busyShare += (busy - busyShare) / answers;
    answeredAt = now;
  }

  private void judgeAfresh(int goodAnswers) {
    answers = goodAnswers;
    busyShare = 0;
  }

  /** The job server was too busy for a start of {@code account}. */
  void busy(String account, Duration retryAfter, long now) {
    roll(now);
    answered(1, now);
    noteAccount(account, now);
    if (busyShare < TOLERATED) {
      return;
    }
    boolean sameEpisode = limit != UNLIMITED && now - cutAt < EPISODE;
    if (!sameEpisode) {
      if (limit != UNLIMITED) {
        forgetAccounts(now);
        busyAccounts.add(account);
      }
      limit = Math.max(FLOOR, CUT * Math.min(limit, rate(now)));
      step = Math.max(1, FIRST_STEP * limit);
      cutAt = now;
      grownAt = now;
      wanted = false;
      nextStart = Math.max(nextStart, now);
      judgeAfresh(0); // what counts now is how it goes at the new rate
    }
    if (busyAccounts.size() >= ACCOUNTS_FOR_A_STOP && !retryAfter.isZero()) {
      long until = now + Math.min(retryAfter.toNanos(), LONGEST_STOP);
      stoppedUntil = stopped ? Math.max(stoppedUntil, until) : until;
      stopped = true;
    }
  }

  private void noteAccount(String account, long now) {
    if (now - busyAccountsSince >= EPISODE) {
      forgetAccounts(now);
    }
    busyAccounts.add(account);
  }

  private void forgetAccounts(long now) {
    busyAccounts.clear();
    busyAccountsSince = now;
  }

  private void grow(long now) {
    if (stopped) {
      if (now < stoppedUntil) {
        return;
      }
      stopped = false;
      grownAt = now;
      nextStart = Math.max(nextStart, now);
    }
    while (now - grownAt >= SECOND) {
      grownAt += SECOND;
      if (wanted) {
        limit += step;
        step *= 2;
      }
      wanted = wanted && now - grownAt < SECOND;
    }
    if (limit > MOST) {
      limit = UNLIMITED;
    }
  }

  /** Counts accepted starts by the second. */
  private void roll(long now) {
    if (now - windowAt >= SECOND) {
      lastRate = now - windowAt < 2 * SECOND ? accepted : 0;
      windowAt = now;
      accepted = 0;
    }
  }

  /** Starts per second that were accepted of late. */
  private double rate(long now) {
    double elapsed = Math.max(now - windowAt, SECOND / 10) / (double) SECOND;
    return Math.max(lastRate, accepted / elapsed);
  }

  /** Starts per second; infinite while nothing limits them. */
  double limit() {
    return limit;
  }
}
