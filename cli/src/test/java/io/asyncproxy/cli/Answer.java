package io.asyncproxy.cli;

import io.vertx.core.MultiMap;
import java.util.Optional;

/** An answer of the proxy, whole. */
record Answer(int status, MultiMap headers, String body) {

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  Optional<String> job() {
    return header("Job-Id");
  }
}
