package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.DeployedAlerts.Alert;
import io.asyncproxy.TestAuthority.Issued;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/operations.md, dashboard and alerts speak of what there is, and of all of it. */
class OperationsDocsTest {
  private static final Path DOCS = Path.of("../docs/operations.md");
  private static final Path DASHBOARD =
      Promtool.DEPLOYED.resolveSibling("grafana/async-proxy.json");
  private static final Pattern HEADING = Pattern.compile("(?m)^(#{2,3}) (.*)$");

  private static final String ROUTE =
      """
      routes:
        render:
          start: {url: "http://localhost:1/render", callback: body:/hook}
          path: /render
      """;

  @TempDir private Path folder;

  private static String runbooks() throws Exception {
    String docs = Files.readString(DOCS);
    int begin = docs.indexOf("\n## When an alert fires\n");
    assertThat(begin).isPositive();
    return docs.substring(begin, docs.indexOf("\n## ", begin + 1));
  }

  @Test
  void everyAlertHasARunbookAndTheOtherWayRound() throws Exception {
    List<String> headings = new ArrayList<>();
    Matcher heading = HEADING.matcher(runbooks());
    while (heading.find()) {
      if (heading.group(1).length() == 3) {
        headings.add(heading.group(2));
      }
    }
    List<Alert> alerts = DeployedAlerts.all();
    assertThat(headings).containsExactlyElementsOf(alerts.stream().map(Alert::name).toList());
    assertThat(alerts)
        .allSatisfy(
            alert ->
                assertThat(alert.runbook())
                    .isEqualTo("docs/operations.md#" + alert.name().toLowerCase(Locale.ROOT)));
  }

  @Test
  void everyRunbookSaysAllOfIt() throws Exception {
    List<String> entries = List.of(runbooks().split("\n### "));
    assertThat(entries.subList(1, entries.size()))
        .allSatisfy(
            entry ->
                assertThat(entry)
                    .containsSubsequence(
                        "\n- **Clients**: ",
                        "\n- **Look closer**: ",
                        "\n- **Do**: ",
                        "\n- **Ends**: "));
  }

  @Test
  void anchorsLeadToHeadings() throws Exception {
    String docs = Files.readString(DOCS);
    Set<String> anchors = new TreeSet<>();
    Matcher heading = HEADING.matcher(docs);
    while (heading.find()) {
      String anchor = heading.group(2).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "");
      anchors.add(anchor.replace(' ', '-'));
    }
    Matcher link = Pattern.compile("\\]\\(#([^)]+)\\)").matcher(docs);
    while (link.find()) {
      assertThat(anchors).contains(link.group(1));
    }
  }

  @Test
  void mentionedMetricsAreThereAndOursAreMentioned() throws Exception {
    Set<String> mentioned = new TreeSet<>();
    for (Path file : List.of(DOCS, DASHBOARD, Promtool.DEPLOYED.resolve("alerts.yaml"))) {
      Set<String> metrics = DeployedAlerts.metrics(Files.readString(file));
      assertThat(metrics).as("%s", file).hasSizeGreaterThan(10);
      mentioned.addAll(metrics);
    }
    Scrape scraped = scrape();
    Set<String> there = new TreeSet<>(scraped.names());
    there.addAll(scraped.types().keySet()); // a histogram's own name
    assertThat(there).containsAll(mentioned);
    assertThat(DeployedAlerts.metrics(Files.readString(DOCS)))
        .containsAll(
            scraped.types().keySet().stream()
                .filter(name -> name.startsWith("asyncproxy_") || name.startsWith("http_"))
                .filter(name -> !name.endsWith("_max"))
                .toList());
  }

  /** Of a proxy that has a certificate, after a job and a collection of garbage. */
  private Scrape scrape() throws Exception {
    Issued issued =
        new TestAuthority(folder, "authority").issue("proxy", "DNS:localhost,IP:127.0.0.1");
    try (Incident incident = new Incident()) {
      incident.start();
      incident.runAll(1, 200);
      incident.scrape();
      System.gc(); // its pauses are shown once there was one
      Scrape plain = incident.scrapeOnce(of -> of.names().contains("jvm_gc_pause_seconds_sum"));
      incident.start(
          "tls.certificate", issued.certificate().toString(), "tls.key", issued.key().toString());
      return Scrape.read(plain.text() + incident.scrape().text() + withARoute().text());
    }
  }

  private Scrape withARoute() throws Exception {
    Path file = Files.writeString(folder.resolve("routes.yaml"), ROUTE);
    try (RunningProxy proxy = new RunningProxy(Map.of(), Map.of(), file)) {
      return Scrape.of(HttpClient.newHttpClient(), proxy.proxy().adminPort());
    }
  }
}
