package io.asyncproxy.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.asyncproxy.Mutations;
import io.asyncproxy.callback.CallbackToken;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.ProblemException;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.Jobs;
import io.asyncproxy.json.InvalidJsonException;
import io.asyncproxy.json.JsonMembers;
import io.asyncproxy.settings.Setting;
import io.asyncproxy.settings.Settings;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The project's own parsers, with inputs that are almost right: each is either read or refused in
 * the documented way, within a second. As many inputs as {@code -Dfuzz.inputs} says.
 */
class ParserFuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 100_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261124);
  private static final long LONGEST_NANOS = 1_000_000_000L;

  private static final Set<String> MEMBERS = Set.of("account", "wait", "callback", "id");
  private static final CallbackToken TOKENS =
      new CallbackToken(List.of("a secret of this deployment, long".getBytes(UTF_8)));
  private static final JobId JOB = Jobs.id();
  private static final String TOKEN = TOKENS.of(JOB);

  private final Mutations mutations = new Mutations(SEED);

  private interface Parser {
    void read(byte[] input) throws Exception;
  }

  private record Fuzzed(String name, List<byte[]> seeds, Parser parser) {}

  private static Fuzzed fuzzed(String name, Parser parser, String... seeds) {
    return new Fuzzed(name, Stream.of(seeds).map(seed -> seed.getBytes(UTF_8)).toList(), parser);
  }

  private static List<Fuzzed> parsers() {
    List<Fuzzed> parsers = new ArrayList<>();
    parsers.add(
        fuzzed(
            "JSON",
            ParserFuzzTest::json,
            "{\"account\":\"a@b.c\",\"wait\":false,\"x\":[1,{\"y\":-2.5e3}]}",
            "{\"id\":\"4499a6e0c2ef4b98\",\"state\":\"completed\",\"proof\":\"078D\"}",
            " {\n\t\"account\" : \"\\u00e9\\ud83d\\ude00\\n\" , \"callback\":\"http://h/\"}\r\n"));
    parsers.add(
        fuzzed(
            "request",
            ParserFuzzTest::request,
            "{\"account\":\"a@b.c\",\"wait\":true,\"x\":1}",
            "{\"account\":\"b\",\"wait\":false}"));
    parsers.add(
        fuzzed(
            "Prefer",
            ParserFuzzTest::prefer,
            "wait=20",
            "respond-async, wait=\"5\";a=b",
            "a=\"x,\\\"\", wait=1"));
    parsers.add(
        fuzzed(
            "Idempotency-Key", ParserFuzzTest::key, "\"8e03978e-40d5\"", "\"a\\\"b\";p=1", "bare"));
    parsers.add(fuzzed("token", ParserFuzzTest::token, TOKEN));
    parsers.add(fuzzed("job id", ParserFuzzTest::id, JOB.toString()));
    for (Setting<?> setting : Settings.all()) {
      parsers.add(
          fuzzed(
              setting.key(),
              input -> assertThat(setting.type().parser().apply(latin(input))).isNotNull(),
              setting.fallback().orElse("1"),
              "500ms",
              "64KiB",
              "100/s",
              "https://h.example:8443/p?q=1",
              "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
              "50%"));
    }
    return parsers;
  }

  private static String latin(byte[] input) {
    return new String(input, ISO_8859_1);
  }

  private static void json(byte[] input) {
    try {
      byte[] rest = JsonMembers.read(input, MEMBERS).without("wait", "callback");
      JsonMembers again = JsonMembers.read(rest, MEMBERS);
      assertThat(again.member("wait")).isEmpty();
      assertThat(again.member("callback")).isEmpty();
    } catch (InvalidJsonException refused) {
      assertThat(refused.error()).isNotEmpty();
    }
  }

  private static void request(byte[] input) {
    try {
      byte[] passedOn =
          ProxyRequest.parse(Caller.ANYONE, MultiMap.caseInsensitiveMultiMap(), input).body();
      assertThat(new JsonObject(new String(passedOn, UTF_8)).getString("account")).isNotEmpty();
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isEqualTo(400);
    }
  }

  private static void prefer(byte[] input) {
    Preferences read = Preferences.parse(List.of(latin(input)));
    assertThat(read.waitFor().orElse(Duration.ZERO))
        .isBetween(Duration.ZERO, Duration.ofDays(365L * 32));
  }

  private static void key(byte[] input) {
    try {
      Optional<String> key = IdempotencyKeys.parse(List.of(latin(input)));
      assertThat(key.orElseThrow()).matches("[ -~]{1,255}");
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isEqualTo(400);
    }
  }

  private static void token(byte[] input) {
    String text = latin(input);
    assertThat(TOKENS.verify(text).isPresent()).as(text).isEqualTo(text.equals(TOKEN));
  }

  private static void id(byte[] input) {
    String text = latin(input);
    JobId.parse(text).ifPresent(id -> assertThat(id.toString()).isEqualTo(text));
  }

  @Test
  void everyInputIsReadOrRefusedInTime() {
    List<Fuzzed> parsers = parsers();
    long slowest = 0;
    long began = System.nanoTime();
    for (int i = 0; i < INPUTS; i++) {
      // Every other input is for one of the first six, which strangers can reach.
      Fuzzed fuzzed = parsers.get(i % 2 == 0 ? i / 2 % 6 : i / 2 % parsers.size());
      byte[] input = mutations.next(fuzzed.seeds());
      long start = System.nanoTime();
      try {
        fuzzed.parser().read(input);
      } catch (Exception | StackOverflowError failure) {
        fail("%s, seed %d, input %d: %s".formatted(fuzzed.name(), SEED, i, latin(input)), failure);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    System.out.printf(
        "FUZZ parsers: %,d inputs, seed %d, %.1f s, slowest %.1f ms%n",
        INPUTS, SEED, (System.nanoTime() - began) / 1e9, slowest / 1e6);
    assertThat(slowest).isLessThan(LONGEST_NANOS);
  }
}
