package io.asyncproxy.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids are UUIDs of version 7, in one spelling. */
class JobIdTest {
  private static final long MILLIS = 1_800_000_000_123L;
  private static final String CANONICAL = "01a3185c-507b-7abc-8def-0123456789ab";

  private final Random random = new Random(7);

  @Test
  void isAUuidOfVersion7ThatHoldsItsTime() {
    for (int i = 0; i < 1000; i++) {
      UUID uuid = UUID.fromString(JobId.create(MILLIS + i, random).toString());

      assertThat(uuid.version()).isEqualTo(7);
      assertThat(uuid.variant()).isEqualTo(2);
      assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(MILLIS + i);
    }
  }

  @Test
  void all74RandomBitsVary() {
    long highOnes = 0;
    long lowOnes = 0;
    long highZeros = 0;
    long lowZeros = 0;
    for (int i = 0; i < 1000; i++) {
      JobId id = JobId.create(MILLIS, random);
      highOnes |= id.high();
      lowOnes |= id.low();
      highZeros |= ~id.high();
      lowZeros |= ~id.low();
    }

    assertThat(Long.bitCount(highOnes & highZeros) + Long.bitCount(lowOnes & lowZeros))
        .isEqualTo(74);
  }

  @Test
  void sortsByTimeInBothItsForms() {
    List<JobId> byTime = new ArrayList<>();
    for (long millis : new long[] {0, 1, MILLIS, MILLIS + 1, 1L << 47, (1L << 48) - 1}) {
      byTime.add(JobId.create(millis, random));
    }
    List<JobId> shuffled = new ArrayList<>(byTime);
    Collections.shuffle(shuffled, random);
    Collections.sort(shuffled);

    assertThat(shuffled).isEqualTo(byTime);
    assertThat(byTime.stream().map(JobId::toString)).isSorted();
  }

  @Test
  void orderWithinAMillisecondIsThatOfTheText() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(new JobId(MILLIS << 16 | 0x7000, random.nextLong()));
    }
    Collections.sort(ids);

    assertThat(ids.stream().map(JobId::toString)).isSorted();
  }

  @Test
  void idsDifferAndAreFoundAgainInASet() {
    Set<JobId> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(JobId.create(MILLIS, random));
    }

    assertThat(ids).hasSize(10_000);
    assertThat(ids).allMatch(id -> ids.contains(new JobId(id.high(), id.low())));
  }

  @Test
  void readsWhatItWrites() {
    for (int i = 0; i < 1000; i++) {
      JobId id = JobId.create(random.nextLong(1L << 48), random);

      assertThat(JobId.parse(id.toString())).contains(id);
    }
    assertThat(JobId.parse(CANONICAL)).map(JobId::toString).contains(CANONICAL);
  }

  @Test
  void readsNoUpperCase() {
    assertThat(JobId.parse(CANONICAL.toUpperCase(Locale.ROOT))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1-1-1-1-1",
        " 01a3185c-507b-7abc-8def-0123456789a",
        "01a3185c-507b-7abc-8def-0123456789a ",
        "01a3185c507b7abc8def0123456789ab",
        "01a3185c-507b-7abc-8def-0123456789abc",
        "01a3185c-507b-7abc-8def-0123456789ag",
        "01a3185c-507b-7abc-8def0-123456789ab",
        "1a3185c-507b-7abc-8def-00123456789ab",
        "01a3185c-507b-7abc-8def-+123456789ab",
        "{01a3185c-507b-7abc-8def-01234567890}",
        "01a3185c-507b-7abc-8def-0123456789\uff11\uff11",
        "------------------------------------",
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
      })
  void readsNoOtherSpelling(String text) {
    assertThat(JobId.parse(text)).isEmpty();
  }
}
