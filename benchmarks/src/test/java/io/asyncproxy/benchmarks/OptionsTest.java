package io.asyncproxy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.asyncproxy.benchmarks.process.CannotMeasureException;
import io.asyncproxy.benchmarks.report.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OptionsTest {
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setErr(new PrintWriter(errors, true));
    return line.execute(arguments);
  }

  @Test
  void anUnknownExperimentIsToldWithThoseThatThereAre() {
    assertThat(run("speed")).isEqualTo(2);
    assertThat(errors)
        .asString()
        .contains("There is no experiment 'speed': choose of cpu, latency, held");
  }

  @Test
  void noRoundsAreRefused() {
    assertThat(run("cpu", "--rounds", "0")).isEqualTo(2);
    assertThat(errors).asString().contains("--rounds must be at least 1, was 0");
  }

  @Test
  void aWordForANumberIsRefused() {
    assertThat(run("cpu", "--window", "long")).isEqualTo(2);
    assertThat(errors).asString().contains("--window");
  }

  @Test
  void aMissingJarEndsTheRunWithWhatToDo() {
    assertThat(run("cpu", "--jar", "/nowhere/at-all.jar")).isEqualTo(1);
    assertThat(errors).asString().contains("/nowhere/at-all.jar is not there: build it");
  }

  @Test
  void buildsAreComparedWithStoresThatThereAre() {
    assertThat(run("compare")).isEqualTo(2);
    assertThat(errors).asString().contains("BEFORE.jar");
    assertThat(run("compare", "old.jar", "disk")).isEqualTo(2);
    assertThat(errors).asString().contains("There is no store 'disk': choose of memory, file");
    assertThat(run("compare", "old.jar", "--rounds", "0")).isEqualTo(2);
    assertThat(errors).asString().contains("--rounds must be at least 1, was 0");
    assertThat(run("--root", "..", "compare", "/nowhere/old.jar")).isEqualTo(1);
    assertThat(errors).asString().contains("/nowhere/old.jar is not there");
  }

  @Test
  void tooFewDescriptorsAreToldBeforeAnythingIsMeasured() {
    String limits = "Max open files            1024                 4096                 files\n";
    assertThatExceptionOfType(CannotMeasureException.class)
        .isThrownBy(() -> Descriptors.check(List.of(Topic.HELD), limits))
        .withMessageContaining("A process may open 4,096 files, 17,500 are needed");
    assertThatNoException()
        .isThrownBy(() -> Descriptors.check(List.of(Topic.HELD), limits.replace("4096", "20000")));
  }
}
