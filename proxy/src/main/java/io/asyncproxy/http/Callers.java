package io.asyncproxy.http;

/** Tells who asks. */
@FunctionalInterface
public interface Callers {

  /** Everybody is the same. */
  Callers ANYONE = _ -> Caller.ANYONE;

  /** Who sent {@code request}; fails with 401 where that has to be known and is not. */
  Caller of(Request request);
}
