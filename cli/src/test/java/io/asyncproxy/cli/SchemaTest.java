package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncproxy.route.Presets;
import io.asyncproxy.route.RoutesSection;
import io.asyncproxy.settings.InvalidSettingsException;
import io.asyncproxy.settings.SettingsInput;
import io.asyncproxy.settings.Values;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON Schema of the settings file says what the program takes. */
class SchemaTest {
  private static final String AJV = "ajv@8.17.1";
  private static final String YAML = "yaml@2.8.1";

  /** Says of each file whether the schema takes it. */
  private static final String SCRIPT =
      """
      const Ajv = require('ajv/dist/2020');
      const fs = require('node:fs');
      const yaml = require('yaml');
      const [schema, ...files] = process.argv.slice(2);
      const check = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true })
        .compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
      for (const file of files) {
        const valid = check(yaml.parse(fs.readFileSync(file, 'utf8')) ?? {});
        console.log(valid ? 'valid' : JSON.stringify(check.errors.map(e => e.instancePath + ' ' + e.message)));
      }
      """;

  @TempDir private Path folder;

  @Test
  void schemaInTheRepositoryIsTheOneThatTheProgramPrints() {
    assertThat(Path.of("..", "async-proxy.schema.json")).hasContent(SchemaFile.text());
  }

  /** The keys that the program names when it meets one that it does not know. */
  private Set<String> known(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("unknown.yaml"), yaml);
    Values values = Values.resolve(new SettingsInput(Map.of(), Map.of(), Optional.of(file)));
    return catchThrowableOfType(
            InvalidSettingsException.class,
            () -> RoutesSection.read(values.section("routes"), Map.of()))
        .mistakes()
        .stream()
        .filter(mistake -> mistake.contains("zzz: unknown key; known here: "))
        .flatMap(mistake -> Arrays.stream(mistake.replaceFirst(".*known here: ", "").split(", ")))
        .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> properties(JsonObject object) {
    return new TreeSet<>(object.getJsonObject("properties").fieldNames());
  }

  @ParameterizedTest
  @CsvSource({"start", "answer", "callback", "status", "result", "reply", "limits"})
  void schemaHasTheKeysOfEachPart(String part) throws Exception {
    JsonObject route =
        new JsonObject(Presets.schema()).getJsonObject("$defs").getJsonObject("route");
    assertThat(known("routes: {a: {%s: {zzz: 1}}}".formatted(part)))
        .isEqualTo(properties(route.getJsonObject("properties").getJsonObject(part)));
  }

  @Test
  void schemaHasTheKeysOfRoutesAndProofs() throws Exception {
    JsonObject all = new JsonObject(Presets.schema()).getJsonObject("$defs");
    assertThat(known("routes: {a: {zzz: 1}}")).isEqualTo(properties(all.getJsonObject("route")));
    Set<String> proofs = new TreeSet<>();
    for (String type : new String[] {"standard-webhooks", "hmac", "bearer", "basic", "header"}) {
      proofs.addAll(known("routes: {a: {callback: {auth: {type: %s, zzz: 1}}}}".formatted(type)));
    }
    assertThat(proofs).isEqualTo(properties(all.getJsonObject("auth")));
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private String verdicts(Path... files) throws Exception {
    run("npm", "install", "--silent", "--no-audit", "--no-fund", AJV, YAML);
    file("check.cjs", SCRIPT);
    String[] command = new String[files.length + 3];
    command[0] = "node";
    command[1] = "check.cjs";
    command[2] = file("schema.json", SchemaFile.text()).toString();
    for (int i = 0; i < files.length; i++) {
      command[i + 3] = files[i].toString();
    }
    return run(command);
  }

  private String run(String... command) throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }

  @Test
  void editorsTakeWhatTheProgramTakes() throws Exception {
    String example = ExampleFile.text().replaceAll("(?m)^#([a-z.-]+: \\S)", "$1");
    String page = Files.readString(Path.of("..", "docs", "routes.md"));
    String blocks =
        java.util.regex.Pattern.compile(
                "```yaml\nroutes:\n(.*?)```", java.util.regex.Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(block -> block.group(1))
            .reduce("routes:\n", String::concat);
    StringBuilder presets = new StringBuilder("routes:\n");
    for (String name : Presets.names()) {
      presets.append("  ").append(name).append(":\n").append(Presets.text(name).indent(4));
    }
    assertThat(
            verdicts(
                file("a.yaml", example),
                file("b.yaml", blocks),
                file("c.yaml", presets.toString()),
                file("d.yaml", "job-server: {url: 'http://x/', breaker-wait: 1s}\nport: 1\n"),
                file("e.yaml", "prot: 1\n"),
                file("f.yaml", "job-server: {ulr: x}\n"),
                file("g.yaml", "routes: {a: {strat: {}}}\n"),
                file("h.yaml", "routes: {a: {callback: {auth: {type: magic}}}}\n"),
                file("i.yaml", "routes: {a: {start: {callback: nowhere}}}\n")))
        .satisfies(
            text -> {
              assertThat(text.lines().limit(4)).as(text).containsOnly("valid");
              assertThat(text.lines().skip(4)).as(text).doesNotContain("valid").hasSize(5);
            });
  }
}
