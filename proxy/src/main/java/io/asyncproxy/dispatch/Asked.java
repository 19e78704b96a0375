package io.asyncproxy.dispatch;

import io.asyncproxy.route.Message;

/** What came of a question. */
sealed interface Asked {

  /** An answer, whole. */
  record Answered(int status, Message message) implements Asked {}

  /** None, or not all of it. */
  record NoAnswer(String why) implements Asked {}
}
