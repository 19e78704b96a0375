package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dependency brings that nothing here needs stays out of the jar (docs/packaging.md). */
class DependenciesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tools/jackson/core/JsonParser", // Jackson 3, by Vert.x
        "tools/jackson/databind/ObjectMapper",
        "com/fasterxml/jackson/databind/ObjectMapper",
        "okhttp3/OkHttpClient", // by OpenTelemetry
        "kotlin/Unit",
        "com/google/protobuf/Message" // by Micrometer
      })
  void isLeftOut(String type) {
    assertThat(getClass().getClassLoader().getResource(type + ".class")).isNull();
  }
}
