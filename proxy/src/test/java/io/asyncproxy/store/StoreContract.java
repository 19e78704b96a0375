package io.asyncproxy.store;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store that is tested, and what all of its tests use. */
abstract class StoreContract {
  protected static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  protected static final Instant LATER = NOW.plusSeconds(60);
  protected static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");
  protected static final int RACES = 300;

  protected JobStore store;

  /** An empty store. */
  protected abstract JobStore open() throws Exception;

  /** How many rows of any kind are left. */
  protected abstract long rows() throws Exception;

  @BeforeEach
  final void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeStore() throws Exception {
    await(store.close());
  }

  protected static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("the store did not answer within 20 s", late);
    }
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
