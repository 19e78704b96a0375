package io.asyncproxy;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alerts of deploy/prometheus/alerts.yaml. */
final class DeployedAlerts {
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:asyncproxy|http_server|http_client|jvm|process|system)_\\w+");

  private static final Pattern ATTRIBUTE =
      Pattern.compile("http_(?:request_method|response_status_code|route)");

  /** One of them. */
  record Alert(String name, String expression, String runbook) {}

  private DeployedAlerts() {}

  static List<Alert> all() throws Exception {
    Object file =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(Promtool.DEPLOYED.resolve("alerts.yaml")));
    List<Alert> alerts = new ArrayList<>();
    for (Object group : list(map(file), "groups")) {
      for (Object rule : list(map(group), "rules")) {
        Map<?, ?> of = map(rule);
        String runbook = String.valueOf(map(of.get("annotations")).get("runbook"));
        alerts.add(
            new Alert(String.valueOf(of.get("alert")), String.valueOf(of.get("expr")), runbook));
      }
    }
    return alerts;
  }

  private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object of) {
    return of instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(Map<?, ?> of, String key) {
    return of.get(key) instanceof List<?> list ? list : List.of();
  }

  /** The metrics that {@code text} mentions; names of labels are none. */
  static Set<String> metrics(String text) {
    Set<String> names = new TreeSet<>();
    Matcher found = METRIC.matcher(ATTRIBUTE.matcher(text).replaceAll(""));
    while (found.find()) {
      names.add(found.group());
    }
    return names;
  }
}
