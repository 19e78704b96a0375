package io.asyncproxy;

import io.asyncproxy.signature.HmacKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start would wait for later is made ready on a thread of its own, while the start itself is
 * busy with event loops and metrics: SQLite's library, and the search for HMAC among the security
 * providers. Nothing depends on it: whoever comes first does it, and tells what fails.
 */
final class HeadStart {
  private static final Logger LOG = LoggerFactory.getLogger(HeadStart.class);

  private HeadStart() {}

  /** Begins, and returns at once. */
  static void begin(ProxySettings settings) {
    Thread.ofPlatform().daemon().name("head-start").start(() -> prepare(settings));
  }

  private static void prepare(ProxySettings settings) {
    try {
      Stores.prepare(settings);
      HmacKey.prepare();
    } catch (RuntimeException | LinkageError failure) { // of the latter Java tells the cause once
      LOG.debug("Not made ready before it is needed", failure);
    }
  }
}
