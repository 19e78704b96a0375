package io.asyncproxy.callback;

/** Hears of callbacks; where metrics hang on. Called on event loops: must not block. */
@FunctionalInterface
public interface CallbackListener {

  /** A callback was dealt with. */
  void received(Receipt receipt);
}
