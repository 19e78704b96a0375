package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with the files of deploy/prometheus, and what promtool says of the metrics. */
class PrometheusTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Of Micrometer's binders; dashboards that others made for it know them by these names. */
  private static final Map<String, String> NOT_OURS =
      Map.of(
          "process_cpu_time_ns_total", "nanoseconds, and abbreviated",
          "system_cpu_count", "a gauge whose name ends as a histogram's part does");

  @TempDir private Path folder;

  @Test
  void prometheusScrapesAndAnswers() throws Exception {
    try (Incident incident = new Incident()) {
      incident.start();
      incident.runAll(3, 200);
      assertScraped(config(incident.proxy().proxy().adminPort()));
    }
  }

  @Test
  void prometheusShowsItsToken() throws Exception {
    try (Incident incident = new Incident()) {
      incident.start("admin.token", "s3cret");
      incident.runAll(3, 200);
      Path token = Files.writeString(folder.resolve("token"), "s3cret");
      Path config = config(incident.proxy().proxy().adminPort());
      String open = "# authorization: {credentials_file: /etc/prometheus/async-proxy.token}";
      String deployed = Files.readString(config);
      assertThat(deployed).contains(open);
      Files.writeString(
          config, deployed.replace(open, "authorization: {credentials_file: " + token + "}"));
      assertScraped(config);
    }
  }

  /** The deployed one, with this port, and without its patience. */
  private Path config(int port) throws Exception {
    String deployed = Files.readString(Promtool.DEPLOYED.resolve("prometheus.yaml"));
    assertThat(deployed).contains("127.0.0.1:4568", "scrape_interval: 15s", "alerts.yaml");
    return Files.writeString(
        folder.resolve("prometheus.yaml"),
        deployed
            .replace("127.0.0.1:4568", "127.0.0.1:" + port)
            .replace("_interval: 15s", "_interval: 1s")
            .replace("alerts.yaml", Promtool.DEPLOYED.resolve("alerts.yaml").toString()));
  }

  private void assertScraped(Path config) throws Exception {
    try (PrometheusServer prometheus = new PrometheusServer(config, folder)) {
      Eventually.within(
          LONGEST,
          () -> {
            assertThat(value(prometheus, "asyncproxy_jobs_total{state=\"completed\"}"))
                .isEqualTo("3");
            assertThat(value(prometheus, "asyncproxy_added_latency_seconds_count")).isEqualTo("3");
            assertThat(
                    value(
                        prometheus,
                        "histogram_quantile(0.99, asyncproxy_added_latency_seconds_bucket)"))
                .isNotEqualTo("NaN");
            assertThat(value(prometheus, "up{job=\"async-proxy\"}")).isEqualTo("1");
          });
      JsonObject group = prometheus.groups().getJsonObject(0);
      assertThat(group.getString("name")).isEqualTo("async-proxy");
      assertThat(group.getJsonArray("rules")).hasSameSizeAs(DeployedAlerts.all());
    }
  }

  private static String value(PrometheusServer prometheus, String query) throws Exception {
    JsonArray found = prometheus.query(query);
    assertThat(found).as(query).hasSize(1);
    return found.getJsonObject(0).getJsonArray("value").getString(1);
  }

  @Test
  void deployedFilesAreInOrder() throws Exception {
    for (String[] check :
        new String[][] {{"rules", "alerts.yaml"}, {"config", "prometheus.yaml"}}) {
      Promtool.Verdict verdict =
          Promtool.run("check", check[0], Promtool.DEPLOYED.resolve(check[1]).toString());
      assertThat(verdict.status()).as("%s", verdict.lines()).isZero();
    }
  }

  @Test
  void metricsAreNamedAsPrometheusWantsThem() throws Exception {
    try (Incident incident = new Incident()) {
      incident.start();
      incident.runAll(3, 200);
      Promtool.Verdict verdict = Promtool.given(incident.scrape().text(), "check", "metrics");
      assertThat(verdict.lines())
          .filteredOn(line -> NOT_OURS.keySet().stream().noneMatch(line::contains))
          .isEmpty();
      assertThat(NOT_OURS.keySet())
          .as("complaints that are no more")
          .allMatch(name -> verdict.lines().stream().anyMatch(line -> line.startsWith(name)));
    }
  }
}
