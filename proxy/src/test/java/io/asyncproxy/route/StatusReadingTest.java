package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an API that is asked for a job says. */
class StatusReadingTest {
  @TempDir private Path folder;

  private Heard status(String rule, String body) throws Exception {
    String yaml =
        """
        routes:
          a:
            start: {url: "http://h/", callback: "query:c"}
            answer: {id: "body:/id"}
            status: {url: "http://h/{id}", state: "body:/builds/0/results", %s}
        """
            .formatted(rule);
    Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
    Values values = Values.resolve(new SettingsInput(Map.of(), Map.of(), Optional.of(file)));
    Route route =
        RoutesSection.read(values.section("routes"), values.environment()).all().getFirst();
    return new RouteReading(route)
        .status(200, new Message(_ -> Optional.of("application/json"), "", body.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"builds\":[{\"results\":null}]} | Progress",
        "{\"builds\":[{\"results\":5}]} | Progress",
        "{\"builds\":[{\"results\":0}]} | Finished",
        "{\"builds\":[{\"results\":2}]} | Finished",
        "{\"builds\":[{}]} | Nonsense",
        "{\"builds\":[{\"results\":{}}]} | Nonsense",
        "{\"builds\":[]} | Nonsense",
        "nothing | Nonsense"
      })
  void nullIsNoOutcomeYetAndNothingIsNoState(String body, String meaning) throws Exception {
    assertThat(status("completed: [\"0\"], failed: [\"2\"]", body).getClass().getSimpleName())
        .isEqualTo(meaning);
  }

  @Test
  void nullEndsNothingWhereOnlyFailuresAreNamed() throws Exception {
    assertThat(status("failed: [\"2\"]", "{\"builds\":[{\"results\":null}]}"))
        .isInstanceOf(Heard.Nonsense.class);
  }
}
