package io.asyncproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands as a shell sees them: exit code, standard output, standard error. */
class CommandsTest {
  private static final String KEYS =
      "whsec_"
          + "A".repeat(32)
          + ",whsec_"
          + "B".repeat(43)
          + "=,whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

  @TempDir private Path folder;

  /** What a command did. */
  private record Ran(int exit, String out, String err) {
    List<String> errorLines() {
      return err.lines().toList();
    }
  }

  private static Ran run(String... arguments) {
    return run(Main.commandLine(arguments), arguments);
  }

  private static Ran run(CommandLine main, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = main.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    return new Ran(exit, out.toString(), err.toString());
  }

  private Path file(String yaml) throws Exception {
    return Files.writeString(folder.resolve("settings.yaml"), yaml);
  }

  @Test
  void configShowsEverySettingItsValueAndItsSource() throws Exception {
    Path file =
        file("job-server:\n  url: http://jobs:1/x\ncallback.secret: whsec_" + "A".repeat(32));
    Ran ran = run("config", "--config", file.toString(), "--port", "1234");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .containsPattern("port +1234 +flag --port")
        .containsPattern("job-server.url +http://jobs:1/x +.*settings.yaml:2")
        .containsPattern("callback.secret +set +.*settings.yaml:3")
        .containsPattern("hold.timeout +10s +default")
        .doesNotContain("AAAA");
  }

  @Test
  void configCheckOnlyValidates() {
    assertThat(run("config", "--check").out()).isEqualTo("The settings are valid.\n");
  }

  @Test
  void everyMistakeIsOneLineThatNamesKeyValueAndWhatIsAllowed() throws Exception {
    Path file = file("prot: 1\nhold.timeout: 10 parsecs\ncallback.secret: hunter2\n");
    Ran ran = run("serve", "--config", file.toString(), "--port", "70000");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.errorLines())
        .hasSize(4)
        .anyMatch(
            line ->
                line.equals("port = 70000 (flag --port): must be a whole number from 0 to 65535"))
        .anyMatch(
            line -> line.matches("hold.timeout = 10 parsecs \\(.*:2\\): must be a duration .*"))
        .anyMatch(line -> line.matches("callback.secret = set \\(.*:3\\): must be whsec_.*"))
        .anyMatch(line -> line.matches("prot \\(.*:1\\): unknown key; did you mean port\\?"));
    assertThat(ran.err()).doesNotContain("hunter2");
  }

  @Test
  void settingsThatDoNotFitTogetherAreNamed() {
    Ran ran = run("config", "--hold-timeout", "60s", "--hold-max", "30s");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).isEqualTo("hold.max must be at least hold.timeout (60s), was 30s\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "serve -h",
        "jobs list --help",
        "dead-letters replay -h",
        "routes try -h"
      })
  void helpIsBehindEveryCommand(String line) {
    Ran ran = run(line.split(" "));
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).startsWith("Usage: async-proxy ").contains("-h, --help");
  }

  @Test
  void redisOfADemoOfOneNodeIsRefused() {
    Ran ran = run("demo", "--redis", "redis://localhost:1");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).startsWith("--redis is of use with --nodes only\n");
  }

  @Test
  void versionIsAFlagToo() {
    assertThat(run("--version").out()).isEqualTo(run("version").out());
  }

  @Test
  void wrongUsageSaysWhereToLook() {
    assertThat(run("jobs", "list", "--nonsense").err())
        .endsWith("Try 'async-proxy jobs list --help'.\n");
  }

  @Test
  void valueThatFollowsAnotherIsShownAsItIsInEffect() {
    Ran ran = run("config", "--hold-timeout", "20m", "--job-server-backoff", "9s");
    assertThat(ran.out())
        .containsPattern("hold\\.max +20m +hold\\.timeout\n")
        .containsPattern("job-server\\.max-backoff +9s +job-server\\.backoff\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory:", "file:./data"})
  void replicasAreOnlyPromisedWhereThereCanBeSome(String store) {
    Ran ran = run("config", "--store-url", store, "--store-replicas", "2");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo("store.replicas must be 0 where store.url is not Redis, was 2\n");
  }

  @Test
  void publicUrlHasNoQueryBehindWhichPathsWouldBePut() {
    Ran ran = run("config", "--public-url", "https://a.example/proxy?x=1");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("public-url", "must be an http or https URL without a query");
  }

  @Test
  void adminTokenIsWhatAHeaderCanCarry() {
    Ran ran = run("config", "--admin-token", "gehe\u00efm");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .contains("admin.token", "must be printable ASCII without spaces")
        .doesNotContain("gehe");
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0,127.0.0.1", "127.0.0.1,127.0.0.1", "127.0.0.1,localhost", "::,::1"})
  void adminListenerIsNeverThePublicOne(String host, String adminHost) {
    Ran ran = run("serve", "--host", host, "--admin-host", adminHost, "--port", "4568");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).isEqualTo("admin.port must differ from port (4568), was 4568\n");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.2,4568,4568", "127.0.0.1,0,0", "127.0.0.1,4568,4569"})
  void adminListenerMayBeBesideThePublicOne(String host, String port, String adminPort) {
    Ran ran = run("config", "--check", "--host", host, "--port", port, "--admin-port", adminPort);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
  }

  @Test
  void signedCallbacksNeedAKey() {
    Ran ran = run("serve", "--callback-auth", "signature");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.errorLines()).hasSize(1);
    assertThat(ran.err())
        .startsWith("callback.secret must be set where callback.auth is signature");
    Ran keyed = run("config", "--check", "--callback-auth", "signature", "--callback-secret", KEYS);
    assertThat(keyed.err()).isEmpty();
    assertThat(keyed.exit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2hunter2hunter2hunter2hunter2h", // no kind
        "whsec_", // nothing
        "whsec_hunter2hunter2hunter2hunter2h", // 31 characters
        "whsec_hunter2hunter2hunter2hunter2hun", // 33: one too many, or three too few
        "whsec_hunter2hunter2hunter2hunter2===", // padding that fits nothing
        "whsec_hunter2-hunter2_hunter2hunter2h", // base64url
        "whpk_hunter2hunter2hunter2hunter2hunter2hunter", // 42 characters
        "whsk_hunter2hunter2hunter2hunter2hunter2hunter2h=", // signs
        "whsec_hunter2hunter2hunter2hunter2hu,", // nothing after the comma
      })
  void whatIsNoKeyIsNamedAndNeverShown(String key) {
    for (String secret : new String[] {"callback", "webhook"}) {
      boolean signs = key.startsWith("whsk") && secret.equals("webhook");
      Ran ran = run("serve", "--" + secret + "-secret", signs ? "whsk_" : key);
      assertThat(ran.exit()).isEqualTo(2);
      assertThat(ran.errorLines()).hasSize(1);
      assertThat(ran.err()).startsWith(secret + ".secret = set").contains("must be whsec_ and");
      assertThat(ran.err()).doesNotContain("unter");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"redis://:hun/ter2@host", "redis://:hun@ter2@host", "redis://me:hun,ter2@host"})
  void passwordsInUrlsAreNeverShownHoweverTheyAreWritten(String url) {
    for (String command : new String[] {"config", "serve"}) {
      Ran ran = run(command, "--store-url", url, "--port", "70000");
      assertThat(ran.out() + ran.err()).doesNotContain("hun").doesNotContain("ter2");
    }
    Ran shown = run("config", "--store-url", url);
    assertThat(shown.out() + shown.err()).doesNotContain("hun").doesNotContain("ter2");
  }

  @Test
  void secretsOfCallbacksAreMasked() {
    Ran ran =
        run("config", "--callback-secret", KEYS, "--callback-authorization", "Bearer hunter2");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .containsPattern("callback.secret +set +flag")
        .containsPattern("callback.authorization +set +flag")
        .doesNotContain("AAAA", "BBBB", "CCCC", "hunter2");
    Ran wrong = run("config", "--callback-authorization", "hunter2");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err())
        .startsWith("callback.authorization = set (flag")
        .doesNotContain("unter");
  }

  @Test
  void flagOfATunnelAloneMeansOnAndMayNameAServer() {
    assertThat(run("config", "--tunnel", "--port", "1").out())
        .containsPattern("tunnel +on +flag --tunnel")
        .containsPattern("public-url +the tunnel's +default");
    assertThat(run("config", "--tunnel", "me@vps.example.org:2222").out())
        .containsPattern("tunnel +me@vps.example.org:2222 +flag --tunnel");
    assertThat(run("config").out()).containsPattern("tunnel +off +default");
  }

  @Test
  void flagOfASettingThatIsTrueOrFalseAloneMeansTrue() {
    assertThat(run("config", "--job-server-idempotent", "--port", "1").out())
        .containsPattern("job-server.idempotent +true +flag");
    assertThat(run("config", "--job-server-idempotent", "false").out())
        .containsPattern("job-server.idempotent +false +flag");
    assertThat(run("config", "--port").exit()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "public-url,      https://proxy.example.org/proxy",
    "tls.certificate, certificate.pem",
  })
  void whatATunnelBringsItselfCantBeSetBesides(String key, String value) throws Exception {
    Path file = file(key + ": " + value);
    Ran ran = run("serve", "--config", file.toString(), "--tunnel");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.errorLines()).contains(key + " must be unset where tunnel is on, was " + value);
    assertThat(run("config", "--config", file.toString(), "--tunnel", "off").err())
        .doesNotContain("tunnel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yes", "vps", "@vps", "me@", "-oProxyCommand=x@vps", "me@-vps", "me@vps:x"})
  void whatIsNoTunnelIsNamed(String value) {
    Ran ran = run("serve", "--tunnel=" + value);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.errorLines()).hasSize(1);
    assertThat(ran.err()).startsWith("tunnel = " + value + " (flag --tunnel): must be off, on");
  }

  @Test
  void missingSettingsFileIsNamed() {
    Ran ran = run("config", "--config", "/nowhere.yaml");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("/nowhere.yaml");
  }

  @Test
  void wrongUsageExitsWith2() {
    for (String[] wrong :
        new String[][] {
          {},
          {"sevre"},
          {"serve", "--no-such-flag"},
          {"serve", "extra"},
          {"jobclient"},
          {"jobclient", "--url", "ftp://x", "--account", "a"},
          {"jobclient", "--url", "http://x", "--account", "a", "--jobs", "0"},
          {"jobclient", "--url", "http://x", "--account", "a", "--deadline", "soon"},
          {"jobserver", "--reject-rate", "2"},
          {"jobserver", "--rate-limit", "fast"},
          {"completion", "fish"}
        }) {
      Ran ran = run(wrong);
      assertThat(ran.exit()).as(String.join(" ", wrong)).isEqualTo(2);
      assertThat(ran.err()).isNotEmpty();
    }
  }

  @Test
  void serveDoesNotWaitForTheDescriptionsOfOtherCommands() {
    assertThat(Main.commandLine(new String[] {"serve"}).getSubcommands()).containsOnlyKeys("serve");
    assertThat(Main.commandLine(new String[] {"help", "serve"}).getSubcommands())
        .hasSameSizeAs(Main.commandLine().getSubcommands())
        .hasSizeGreaterThan(10);
  }

  @Test
  void mistakesOfServeAreToldAsIfAllCommandsWereKnown() {
    for (String mistake :
        List.of("-h", "--prot=1", "--port", "--port=1 --port=2", "extra", "help", "jobs", "@x")) {
      String[] arguments = ("serve " + mistake).split(" ");
      assertThat(run(arguments)).isEqualTo(run(Main.commandLine(), arguments));
    }
  }

  @Test
  void helpNamesEveryCommandAndVersionSaysWhatItIs() {
    assertThat(run("help").out())
        .contains("demo", "serve", "jobserver", "jobclient", "config", "version", "completion");
    assertThat(run("help", "serve").out()).contains("--job-server-url", "--hold-timeout");
    assertThat(run("version").out()).startsWith("async-proxy ");
  }

  @Test
  void completionScriptsAreForBothShells() {
    assertThat(run("completion").out()).contains("complete -F").contains("jobserver");
    assertThat(run("completion", "zsh").out()).contains("bashcompinit");
  }

  @Test
  void clientThatFailsExitsWith1AndGivesNoProof() {
    Ran ran = run("jobclient", "--url", "http://127.0.0.1:1/x", "--account", "a", "--jobs", "3");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("3 / 3 [", "Succeeded: 0", "WORK SAMPLE RESULT: FAILED")
        .doesNotContain("Proof");
  }

  @Test
  void exampleFileInTheRepositoryIsTheOneThatTheProgramPrints() throws Exception {
    String example = run("config", "--example").out();
    assertThat(Path.of("..", "async-proxy.example.yaml")).hasContent(example);
    String everything = example.replaceAll("(?m)^#([a-z.-]+: \\S)", "$1");
    Path file = file(everything);
    assertThat(run("config", "--check", "--config", file.toString()).err()).isEmpty();
    assertThat(run("config", "--config", file.toString()).out()).contains("settings.yaml:");
  }

  @Test
  void withoutARunningProxyOperatorsAreToldWhatToDo() {
    Ran ran = run("jobs", "list", "--admin", "http://127.0.0.1:1");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("http://127.0.0.1:1").contains("is it running?");
    assertThat(run("dead-letters", "replay").exit()).isEqualTo(2);
    assertThat(run("dead-letters").exit()).isEqualTo(2);
  }
}
