package io.asyncproxy.benchmarks.simulator;

import io.asyncproxy.benchmarks.wire.JobFields;
import java.time.Instant;

/** A job under way. */
record SimulatedJob(String id, String account, String callback, Instant startedAt) {
  /** Names the account as well, so that a client sees whether it got its own job's result. */
  String result() {
    return "{\"id\":\"%s\",\"state\":\"completed\",\"startedAt\":\"%s\",\"proof\":\"%s\",\"account\":%s}"
        .formatted(id, startedAt, Hex.digits(40), JobFields.quote(account));
  }
}
