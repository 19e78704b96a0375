package io.asyncproxy.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingsTest {
  private static final long SELF = ProcessHandle.current().pid();

  @TempDir Path temporary;

  @Test
  void bothGenerationsAreAddedUp() {
    String said =
        """
        4711:
         PSYoungGen      total 305664K, used 15729K [0x00000000eab00000, 0x0000000100000000)
          eden space 262144K, 6% used [0x00000000eab00000,0x00000000eba5c420,0x00000000fab00000)
         ParOldGen       total 699392K, used 1000K [0x00000000c0000000, 0x00000000eab00000)
          object space 699392K, 0% used [0x00000000c0000000,0x00000000c0000000,0x00000000eab00000)
         Metaspace       used 5102K, committed 5312K, reserved 1114112K
        """;
    assertThat(LiveHeap.used(said)).isEqualTo(16_729 * 1_024.0);
  }

  @Test
  void anotherCollectorIsNotGuessedAt() {
    assertThatExceptionOfType(CannotMeasureException.class)
        .isThrownBy(() -> LiveHeap.used(" garbage-first heap   total 262144K, used 15729K"));
  }

  @Test
  void processorTimeIsThatOfAllThreads() {
    CpuTime before = CpuTime.of(SELF);
    assertThat(before.totalMicros()).isPositive();
    assertThat(CpuTime.of(SELF).since(before).totalMicros()).isNotNegative();
  }

  @Test
  void aProcessTakesMemoryThreadsAndDescriptors() {
    Footprint own = Footprint.of(SELF);
    assertThat(own.residentBytes()).isGreaterThan(1_000_000);
    assertThat(own.threads()).isPositive();
    assertThat(own.descriptors()).isPositive();
  }

  @Test
  void aMissingJarIsToldWithWhatToDo() {
    assertThatExceptionOfType(CannotMeasureException.class)
        .isThrownBy(() -> new LabSettings(temporary, temporary.resolve("none.jar"), true))
        .withMessageContaining("none.jar is not there: build it with './mvnw");
  }
}
