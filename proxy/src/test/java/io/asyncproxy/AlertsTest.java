package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.AlertTimeline.Phase;
import io.asyncproxy.DeployedAlerts.Alert;
import io.asyncproxy.Incidents.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alerts before incidents that really happen: what is scraped before, in and after each is
 * stretched in time and given to {@code promtool}. The files stay in target/incidents.
 */
class AlertsTest {
  private static final Path RULES = Promtool.DEPLOYED.resolve("alerts.yaml");
  private static final Path FILES = Path.of("target/incidents");

  /** Most of the time of an incident is spent waiting. */
  private static final int AT_ONCE = 4;

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> incidentsAreToldAndEnd() throws Exception {
    Map<String, Future<List<Phase>>> played = new LinkedHashMap<>();
    try (ExecutorService players = Executors.newFixedThreadPool(AT_ONCE)) {
      new Incidents(folder)
          .all()
          .forEach((name, script) -> played.put(name, players.submit(() -> play(script))));
    }
    Set<String> told = new TreeSet<>();
    List<DynamicTest> tests = new ArrayList<>();
    played.forEach(
        (name, phases) ->
            tests.add(DynamicTest.dynamicTest(name, () -> judge(name, phases.get(), told))));
    tests.add(DynamicTest.dynamicTest("every alert has its incident", () -> assertAll(told)));
    return tests.stream();
  }

  private static List<Phase> play(Script script) throws Exception {
    try (Incident incident = new Incident()) {
      script.play(incident);
      return incident.phases();
    }
  }

  private static void judge(String name, List<Phase> phases, Set<String> told) throws Exception {
    Set<String> tolerated = new HashSet<>(Incidents.OF_A_BUSY_MACHINE);
    phases.forEach(phase -> tolerated.removeAll(phase.alerts()));
    phases.forEach(phase -> told.addAll(phase.alerts()));
    Path file = FILES.resolve(name.replace(' ', '-') + ".test.yaml");
    new AlertTimeline(phases, tolerated).write(file, RULES);
    Promtool.Verdict verdict = Promtool.run("test", "rules", file.toString());
    assertThat(verdict.status()).as("%s", verdict.lines()).isZero();
  }

  private static void assertAll(Set<String> told) throws Exception {
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            DeployedAlerts.all().stream().map(Alert::name).toList());
  }

  @Test
  void thresholdsAreThoseOfTheRulesOwnTests() throws Exception {
    Promtool.Verdict verdict =
        Promtool.run("test", "rules", Promtool.DEPLOYED.resolve("alerts.test.yaml").toString());
    assertThat(verdict.status()).as("%s", verdict.lines()).isZero();
  }
}
