package io.asyncproxy.job;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of moves, and the drawing of it in {@code docs/state-machine.md}, say the same. */
class TransitionTest {
  private static final Path DRAWING = Path.of("..", "docs", "state-machine.md");

  @Test
  void drawingHasEveryMoveOfTheTableAndNoOther() throws IOException {
    Set<String> table =
        Arrays.stream(Transition.values())
            .flatMap(
                move ->
                    move.from().stream()
                        .map(from -> arrow(name(from), name(move.to())) + ": " + name(move)))
            .collect(toCollection(TreeSet::new));

    assertThat(arrows().filter(line -> !line.contains("[*]"))).containsExactlyElementsOf(table);
  }

  @Test
  void drawingBeginsWhereJobsBegin() throws IOException {
    assertThat(arrows().filter(line -> line.startsWith("[*]")))
        .containsExactlyInAnyOrder(
            arrow("[*]", name(Jobs.accepted().state())),
            arrow("[*]", name(Jobs.starting().state())));
  }

  @Test
  void drawingEndsInTheFinishedStates() throws IOException {
    Stream<String> ends =
        Arrays.stream(JobState.values())
            .filter(JobState::isFinished)
            .map(state -> arrow(name(state), "[*]"));

    assertThat(arrows().filter(line -> line.endsWith("[*]")))
        .containsExactlyInAnyOrderElementsOf(ends.toList());
  }

  @Test
  void everyFinishedStateIsEitherDecidedOrADeadLetter() {
    for (JobState state : JobState.values()) {
      assertThat(state.isDecided() ^ state.isDeadLetter())
          .as(state.name())
          .isEqualTo(state.isFinished());
    }
  }

  @Test
  void nothingLeavesADecidedStateAndOnlyResultsLeaveADeadLetter() {
    for (Transition move : Transition.values()) {
      boolean result = move == Transition.COMPLETE || move == Transition.FAIL;
      assertThat(move.from()).as(move.name()).noneMatch(JobState::isDecided);
      assertThat(move.from().stream().anyMatch(JobState::isDeadLetter))
          .as(move.name())
          .isEqualTo(result);
    }
  }

  @Test
  void clientsSeeGivenUpJobsAsFailed() {
    assertThat(JobState.GIVEN_UP.label()).isEqualTo("failed");
    assertThat(JobState.labelled("failed"))
        .containsExactlyInAnyOrder(JobState.FAILED, JobState.GIVEN_UP);
    assertThat(JobState.labelled("given_up")).isEmpty();
  }

  private static Stream<String> arrows() throws IOException {
    return Files.readAllLines(DRAWING).stream()
        .filter(line -> line.contains("-->"))
        .map(String::strip)
        .sorted();
  }

  private static String arrow(String from, String to) {
    return from + " --> " + to;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
