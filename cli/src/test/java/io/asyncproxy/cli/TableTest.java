package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void whatTerminalsObeyIsShownAsACharacterThatTheyDoNot() {
    Table table =
        new Table(List.of("ACCOUNT", "STATE"), List.of(List.of("a\u001b[2Jb", "running")));
    assertThat(table.text().lines()).containsExactly("ACCOUNT  STATE", "a\uFFFD[2Jb   running");
  }
}
