package io.asyncproxy.store;

/** Hears of what is asked of a store; where metrics hang on. Must not block. */
@FunctionalInterface
public interface StoreListener {

  /**
   * A question was answered, or was not.
   *
   * @param operation what was asked: one of {@link TimedStore#OPERATIONS}
   * @param nanos how long it took
   */
  void asked(String operation, long nanos);
}
