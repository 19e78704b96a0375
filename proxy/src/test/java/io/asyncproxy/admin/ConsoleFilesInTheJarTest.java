package io.asyncproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** They are read when they are asked for: that all are there can't be left to that moment. */
class ConsoleFilesInTheJarTest {
  private final ConsoleFiles files = new ConsoleFiles();

  @Test
  void eachIsThere() {
    assertThat(files.paths()).hasSizeGreaterThan(20).contains("/console", "/console/uplot.js");
    assertThat(files.paths()).allSatisfy(path -> assertThat(files.find(path)).isPresent());
  }

  @Test
  void eachIsReadOnce() {
    assertThat(files.find("/console/main.js").orElseThrow())
        .isSameAs(files.find("/console/main.js").orElseThrow());
  }
}
