package io.asyncproxy.http;

import io.asyncproxy.job.Job;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks.
 *
 * @param name the name of the API key; empty where there are none
 * @param accounts the accounts that it may name; empty for any
 * @param rates how often it may ask; empty for any number
 */
public record Caller(String name, Optional<Set<String>> accounts, Optional<RateLimiter> rates) {

  /** Where there are no API keys. */
  public static final Caller ANYONE = new Caller("", Optional.empty(), Optional.empty());

  /** Whether {@code job} is its own: those of others are not there for it. */
  public boolean owns(Job job) {
    return job.submission().owner().equals(name);
  }

  /** Fails with 403 unless it may name {@code account}. */
  public void requireAccount(String account) {
    if (accounts.isPresent() && !accounts.get().contains(account)) {
      throw Problem.of(403, "This API key is not allowed to use this account").exception();
    }
  }
}
