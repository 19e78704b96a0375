package io.asyncproxy.route;

import static io.asyncproxy.route.RouteReader.setting;

import io.asyncproxy.settings.Settings;
import io.asyncproxy.yaml.YamlMap;

/** Reads {@code limits}: what may be set for {@code /proxy} may be set here, within the same. */
record LimitsReader(YamlMap map) {
  RouteLimits read() {
    RouteLimits limits =
        new RouteLimits(
            setting(map, "timeout", Settings.JOB_SERVER_TIMEOUT.type()),
            setting(map, "attempts", Settings.JOB_SERVER_ATTEMPTS.type()),
            setting(map, "backoff", Settings.JOB_SERVER_BACKOFF.type()),
            setting(map, "max-backoff", Settings.JOB_SERVER_MAX_BACKOFF.type()),
            setting(map, "idempotent", Settings.JOB_SERVER_IDEMPOTENT.type()),
            setting(map, "connections", Settings.JOB_SERVER_CONNECTIONS.type()),
            setting(
                map, "connections-per-account", Settings.JOB_SERVER_CONNECTIONS_PER_ACCOUNT.type()),
            setting(map, "breaker-ratio", Settings.JOB_SERVER_BREAKER_RATIO.type()),
            setting(map, "breaker-window", Settings.JOB_SERVER_BREAKER_WINDOW.type()),
            setting(map, "breaker-wait", Settings.JOB_SERVER_BREAKER_WAIT.type()),
            setting(map, "hold", Settings.HOLD_TIMEOUT.type()),
            setting(map, "job-timeout", Settings.JOB_TIMEOUT.type()));
    map.rejectOthers();
    return limits;
  }
}
