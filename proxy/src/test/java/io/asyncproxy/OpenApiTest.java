package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.OpenApiDocument.Answer;
import io.asyncproxy.OpenApiDocument.Side;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The specification against a running proxy: whatever is answered is documented, and whatever is
 * documented is answered.
 */
class OpenApiTest {
  /** Documented answers that nobody can bring about from outside, by the end of their names. */
  private static final Set<String> UNSEEN =
      Set.of(" 500"); // a mistake of ours, which we would rather mend

  @TempDir private Path folder;

  static byte[] specification() throws Exception {
    try (InputStream resource = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
      assertThat(resource).isNotNull();
      return resource.readAllBytes();
    }
  }

  @Test
  void whatIsAnsweredIsDocumentedAndWhatIsDocumentedIsAnswered() throws Exception {
    Witness witness = new Witness(new OpenApiDocument(specification()));
    try (ScriptedJobServer jobServer = new ScriptedJobServer()) {
      new PublicAnswers(witness, jobServer).all(folder);
      new CallbackAnswers(witness, jobServer).all(folder);
      new AdminAnswers(witness, jobServer).all();
    }
    assertThat(String.join("\n", new TreeSet<>(witness.mistakes()))).isEmpty();
    assertThat(unseen(witness)).isEmpty();
  }

  @Test
  void versionIsThatOfTheProgram() throws Exception {
    String version =
        new JsonObject(Buffer.buffer(specification())).getJsonObject("info").getString("version");
    assertThat(Path.of("pom.xml")).content().contains("<version>" + version + "</version>");
  }

  /** What the comparison is good for: it sees all that is not described. */
  @Test
  void whatIsNotDocumentedIsFound() throws Exception {
    OpenApiDocument document = new OpenApiDocument(specification());
    String ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    String health = "{\"status\":\"OK\",\"timestamp\":\"2026-11-26T01:02:03.004Z\"}";
    assertThat(mistakes(document, "/health", ok + "\r\n" + health)).isEmpty();
    assertThat(mistakes(document, "/health", ok + "x-new: 1\r\n\r\n" + health)).hasSize(1);
    assertThat(mistakes(document, "/health", ok + "\r\n" + health.replace("OK", "FINE")))
        .hasSize(1);
    assertThat(mistakes(document, "/health", ok + "\r\n" + health.replace("Z", ""))).hasSize(1);
    assertThat(mistakes(document, "/health", ok + "\r\n" + health.replace("}", ",\"new\":1}")))
        .hasSize(1);
    assertThat(mistakes(document, "/health", ok + "\r\n{\"status\":\"OK\"}")).hasSize(1);
    assertThat(mistakes(document, "/health", ok.replace("json", "xml") + "\r\n" + health))
        .hasSize(1);
    assertThat(mistakes(document, "/health", ok.replace("200", "201") + "\r\n" + health))
        .hasSize(1);
    assertThat(mistakes(document, "/health", ok + "\r\n")).hasSize(1);
    assertThat(mistakes(document, "/new", ok + "\r\n" + health)).hasSize(1);
    assertThat(document.mistakesOf("Problem", "{\"type\":\"urn:async-proxy:problem:new\"}"))
        .isNotEmpty();
    assertThat(document.mistakesOf("JobDetail", "{\"new\":1}")).anyMatch(m -> m.contains("new"));
  }

  private static List<String> mistakes(OpenApiDocument document, String path, String raw) {
    return document.check(Side.PUBLIC, "GET", path, Answer.of(raw)).mistakes();
  }

  private static List<String> unseen(Witness witness) {
    return witness.specification().answers().stream()
        .filter(answer -> !witness.seen().contains(answer))
        .filter(answer -> UNSEEN.stream().noneMatch(answer::contains))
        .toList();
  }
}
