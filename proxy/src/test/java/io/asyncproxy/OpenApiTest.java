package io.asyncproxy;

import static org.assertj.core.api.Assertions.assertThat;

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
  /** Described before they are there; they are driven as soon as they are taken off this list. */
  private static final Set<String> COMING = Set.of("/admin/live", "/console", "/console/{file}");

  /** Documented answers that nobody can bring about from outside, by the end of their names. */
  private static final Set<String> UNSEEN =
      Set.of(" 500"); // a mistake of ours, which we would rather mend

  @TempDir private Path folder;

  static boolean isComing(String path) {
    return COMING.contains(path);
  }

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

  private static List<String> unseen(Witness witness) {
    return witness.specification().answers().stream()
        .filter(answer -> !witness.seen().contains(answer))
        .filter(answer -> UNSEEN.stream().noneMatch(answer::endsWith))
        .filter(answer -> COMING.stream().noneMatch(path -> answer.contains(" " + path + " ")))
        .toList();
  }
}
