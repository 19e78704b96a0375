package io.asyncproxy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the value of a setting comes from, and what is said of mistakes. */
class ValuesTest {
  private static final String SECRET = "whsec_" + "a".repeat(32);

  @TempDir private Path folder;

  @Test
  void flagWinsOverVariableOverFileOverDefault() throws Exception {
    Map<String, String> flag = Map.of("port", "1");
    Map<String, String> variable = Map.of("PORT", "2");
    Path file = file("port: 3");

    assertPort(new SettingsInput(flag, variable, Optional.of(file)), 1, "flag --port");
    assertPort(new SettingsInput(Map.of(), variable, Optional.of(file)), 2, "variable PORT");
    assertPort(new SettingsInput(Map.of(), Map.of(), Optional.of(file)), 3, file + ":1");
    assertPort(new SettingsInput(Map.of(), Map.of(), Optional.empty()), 4567, "default");
  }

  private static void assertPort(SettingsInput input, int port, String origin) throws Exception {
    Values values = Values.resolve(input);

    assertThat(values.get(Settings.PORT)).isEqualTo(port);
    assertThat(values.source(Settings.PORT)).map(Source::origin).contains(origin);
  }

  @Test
  void emptyVariableCountsAsUnset() throws Exception {
    assertPort(new SettingsInput(Map.of(), Map.of("PORT", ""), Optional.empty()), 4567, "default");
  }

  @Test
  void wrongValueThatIsOverruledDoesNotMatter() throws Exception {
    SettingsInput input =
        new SettingsInput(Map.of("port", "1"), Map.of("PORT", "x"), Optional.of(file("port: y")));

    assertThat(Values.resolve(input).get(Settings.PORT)).isEqualTo(1);
  }

  @Test
  void settingWithoutValueOrDefaultIsUnset() throws Exception {
    Values values = inFile("");

    assertThat(values.find(Settings.PUBLIC_URL)).isEmpty();
    assertThat(values.source(Settings.PUBLIC_URL)).isEmpty();
  }

  @Test
  void everyDefaultIsAllowed() throws Exception {
    Values values = inFile("");

    for (Setting<?> setting : Settings.all()) {
      assertThat(values.find(setting).isPresent())
          .as(setting.key())
          .isEqualTo(setting.fallback().isPresent());
    }
  }

  @Test
  void nestedAndDottedKeysMeanTheSame() throws Exception {
    for (String yaml :
        List.of(
            "job-server:\n  url: https://jobs/x\n  timeout: 2s",
            "job-server.url: https://jobs/x\njob-server.timeout: 2s",
            "job-server.url: https://jobs/x\njob-server:\n  timeout: 2s",
            "{job-server: {url: 'https://jobs/x', timeout: \"2s\"}}")) {
      Values values = inFile(yaml);

      assertThat(values.get(Settings.JOB_SERVER_URL)).isEqualTo(URI.create("https://jobs/x"));
      assertThat(values.get(Settings.JOB_SERVER_TIMEOUT)).isEqualTo(Duration.ofSeconds(2));
    }
  }

  @Test
  void originInAFileNamesTheLine() throws Exception {
    Path file = file("# a comment\n\njob-server:\n  url: http://jobs/\n  timeout: 2s\n");
    Values values = Values.resolve(new SettingsInput(Map.of(), Map.of(), Optional.of(file)));

    assertThat(values.source(Settings.JOB_SERVER_TIMEOUT)).contains(new Source("2s", file + ":5"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "'# nothing'",
        "'---'",
        "'null'",
        "'port:'",
        "'{}'",
      })
  void emptyFileMeansDefaults(String yaml) throws Exception {
    assertThat(inFile(yaml).get(Settings.PORT)).isEqualTo(4567);
  }

  @Test
  void listIsTakenAsAListOrWithCommas() throws Exception {
    List<String> origins = List.of("https://a.org", "http://b.org:8080");

    for (String yaml :
        List.of(
            "cors.origins: https://a.org, http://b.org:8080",
            "cors.origins: [https://a.org, 'http://b.org:8080']",
            "cors:\n  origins:\n    - https://a.org\n    - http://b.org:8080\n")) {
      assertThat(inFile(yaml).get(Settings.CORS_ORIGINS)).isEqualTo(origins);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1ms,PT0.001S",
    "500ms,PT0.5S",
    "10s,PT10S",
    "15m,PT15M",
    "24h,PT24H",
    "1d,PT24H",
    "5 s,PT5S"
  })
  void durationsHaveAUnit(String text, Duration duration) throws Exception {
    assertThat(inFile("hold.timeout: " + text + "\nhold.max: 24h").get(Settings.HOLD_TIMEOUT))
        .isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "1024,1024",
    "1024B,1024",
    "1KiB,1024",
    "64KiB,65536",
    "1MiB,1048576",
    "1GiB,1073741824"
  })
  void sizesAreInBytes(String text, int bytes) throws Exception {
    assertThat(inFile("body.max: " + text).get(Settings.BODY_MAX)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port|-1|a whole number from 0 to 65535",
        "port|65536|a whole number from 0 to 65535",
        "port|1.5|a whole number from 0 to 65535",
        "port|99999999999999999999|a whole number from 0 to 65535",
        "port|http|a whole number from 0 to 65535",
        "job-server.attempts|0|a whole number from 1 to 100",
        "job-server.attempts|101|a whole number from 1 to 100",
        "hold.timeout|0ms|a duration (ms, s, m, h, d) from 1ms to 24h",
        "hold.timeout|10|a duration (ms, s, m, h, d) from 1ms to 24h",
        "hold.timeout|-1s|a duration (ms, s, m, h, d) from 1ms to 24h",
        "hold.timeout|1.5s|a duration (ms, s, m, h, d) from 1ms to 24h",
        "hold.timeout|10S|a duration (ms, s, m, h, d) from 1ms to 24h",
        "hold.timeout|86400001ms|a duration (ms, s, m, h, d) from 1ms to 24h",
        "body.max|1023|a size (B, KiB, MiB, GiB) from 1KiB to 1GiB",
        "body.max|2GiB|a size (B, KiB, MiB, GiB) from 1KiB to 1GiB",
        "body.max|1MB|a size (B, KiB, MiB, GiB) from 1KiB to 1GiB",
        "job-server.idempotent|yes|true or false",
        "job-server.idempotent|TRUE|true or false",
        "job-server.url|ftp://jobs/|an http or https URL",
        "job-server.url|/start|an http or https URL",
        "job-server.url|http://|an http or https URL",
        "job-server.url|http://jobs/x y|an http or https URL",
        "job-server.url|http://jobs:65536/|an http or https URL",
        "log.level|loud|one of error, warn, info, debug",
      })
  void valueThatIsNotAllowedIsNamedWithWhatIs(String key, String value, String allowed) {
    assertThat(mistakes("\n" + key + ": '" + value + "'"))
        .containsExactly("%s = %s (%s:2): must be %s".formatted(key, value, path(), allowed));
  }

  @Test
  void edgesOfARangeAreAllowed() throws Exception {
    assertThat(inFile("port: 0").get(Settings.PORT)).isZero();
    assertThat(inFile("port: 65535").get(Settings.PORT)).isEqualTo(65_535);
    assertThat(inFile("hold.timeout: 24h").get(Settings.HOLD_TIMEOUT)).hasHours(24);
  }

  @Test
  void wrongFlagAndVariableNameTheirOrigin() {
    SettingsInput input =
        new SettingsInput(Map.of("port", "x"), Map.of("BODY_MAX", "y"), Optional.empty());

    assertThat(mistakes(input))
        .containsExactlyInAnyOrder(
            "port = x (flag --port): must be a whole number from 0 to 65535",
            "body.max = y (variable BODY_MAX): must be a size (B, KiB, MiB, GiB) from 1KiB to"
                + " 1GiB");
  }

  @Test
  void unknownKeyIsNamedWithItsLineAndTheKeyThatWasMeant() {
    assertThat(mistakes("port: 1\nhold:\n  timout: 1s"))
        .containsExactly("hold.timout (" + path() + ":3): unknown key; did you mean hold.timeout?");
  }

  @Test
  void unknownKeyThatIsLikeNoneGetsNoGuess() {
    assertThat(mistakes("something-else-altogether: 1"))
        .containsExactly(
            "something-else-altogether ("
                + path()
                + ":1): unknown key; 'async-proxy config' lists all keys");
  }

  @Test
  void everyMistakeIsListed() {
    assertThat(mistakes("port: x\nprot: 1\nbody.max: 1\nhold.timeout: 1\nhold.max: 1h"))
        .hasSize(4)
        .anyMatch(line -> line.startsWith("port = x"))
        .anyMatch(line -> line.startsWith("prot ("))
        .anyMatch(line -> line.startsWith("body.max = 1"))
        .anyMatch(line -> line.startsWith("hold.timeout = 1"));
  }

  @Test
  void keyGivenTwiceIsAMistake() {
    assertThat(mistakes("port: 1\nport: 2")).containsExactly(path() + ":2: port is given twice");
    assertThat(mistakes("hold.max: 1h\nhold:\n  max: 2h"))
        .containsExactly(path() + ":3: hold.max is given twice");
  }

  @Test
  void secretIsNeverShown() throws Exception {
    String wrong = "whsec_too-short";
    SettingsInput input =
        new SettingsInput(Map.of("callback.secret", wrong), Map.of(), Optional.empty());

    assertThat(mistakes(input))
        .singleElement()
        .asString()
        .startsWith("callback.secret = set (flag --callback-secret): must be whsec_")
        .doesNotContain(wrong);
    assertThat(mistakes("callback.secret: [" + SECRET + ", " + wrong + "]"))
        .singleElement()
        .asString()
        .startsWith("callback.secret = set (")
        .doesNotContain(wrong, SECRET);
    assertThat(inFile("callback.secret: " + SECRET).get(Settings.CALLBACK_SECRET))
        .containsExactly(SECRET);
  }

  @Test
  void malformedFileNamesTheLine() {
    for (String yaml : List.of("port: 1\nhold: [", "port: 1\n\thold: 1", "port: 1\n'x")) {
      assertThat(mistakes(yaml))
          .as(yaml)
          .singleElement()
          .asString()
          .matches("\\Q" + path() + "\\E:[23]: not YAML: .+");
    }
  }

  @Test
  void fileThatIsNoMappingIsAMistake() {
    assertThat(mistakes("just text")).containsExactly(path() + ":1: keys and values were expected");
    assertThat(mistakes("- port")).containsExactly(path() + ":1: keys and values were expected");
    assertThat(mistakes("cors.origins:\n- {a: b}"))
        .contains(path() + ":2: a plain value was expected");
  }

  @Test
  void fileThatIsNotThereIsAMistake() {
    SettingsInput input =
        new SettingsInput(Map.of(), Map.of(), Optional.of(folder.resolve("absent.yaml")));

    assertThat(mistakes(input))
        .singleElement()
        .asString()
        .contains("absent.yaml: can't be read")
        .contains("NoSuchFile");
  }

  @Test
  void variableAndFlagFollowFromTheKey() {
    assertThat(Settings.JOB_SERVER_MAX_BACKOFF.variable()).isEqualTo("JOB_SERVER_MAX_BACKOFF");
    assertThat(Settings.JOB_SERVER_MAX_BACKOFF.flag()).isEqualTo("--job-server-max-backoff");
  }

  private Values inFile(String yaml) throws Exception {
    return Values.resolve(new SettingsInput(Map.of(), Map.of(), Optional.of(file(yaml))));
  }

  private List<String> mistakes(String yaml) {
    try {
      return mistakes(new SettingsInput(Map.of(), Map.of(), Optional.of(file(yaml))));
    } catch (IOException noFile) {
      throw new AssertionError(noFile);
    }
  }

  private static List<String> mistakes(SettingsInput input) {
    InvalidSettingsException invalid =
        catchThrowableOfType(InvalidSettingsException.class, () -> Values.resolve(input));
    assertThat(invalid).isNotNull();
    return invalid.mistakes();
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(path(), yaml);
  }

  private Path path() {
    return folder.resolve("async-proxy.yaml");
  }

  @Test
  void aliasThatRefersToItselfIsAMistake() throws Exception {
    java.nio.file.Path file =
        java.nio.file.Files.writeString(
            java.nio.file.Files.createTempFile("settings", ".yaml"), "x: &x\n  y: *x\n");
    SettingsFile read = SettingsFile.read(file);
    assertThat(read.mistakes()).singleElement().asString().contains("alias");
    java.nio.file.Files.delete(file);
  }

  @Test
  void sizesDoNotOverflow() {
    assertThat(SettingType.size("1KiB", "1GiB").parser().apply("17179869185GiB")).isEmpty();
  }
}
