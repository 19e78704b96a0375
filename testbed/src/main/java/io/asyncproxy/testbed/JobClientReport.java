package io.asyncproxy.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * How the jobs went.
 *
 * @param jobs how many there were
 * @param results the results that came
 * @param errors what went wrong, and how often
 * @param average how long a successful job took on average
 * @param total how long all took together
 * @param deadline how long they may take
 */
public record JobClientReport(
    int jobs,
    List<JsonObject> results,
    Map<String, Integer> errors,
    Duration average,
    Duration total,
    Duration deadline) {

  /** Whether every job succeeded, and all of them in time. */
  public boolean passed() {
    return results.size() == jobs && total.compareTo(deadline) <= 0;
  }

  /** The report, line by line. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("Succeeded: %d\n".formatted(results.size()));
    errors.forEach((error, count) -> text.append("Failed: %d (%s)\n".formatted(count, error)));
    text.append("Average Duration: %s seconds\n".formatted(seconds(average)));
    text.append("Total Duration: %s seconds\n\n".formatted(seconds(total)));
    text.append("WORK SAMPLE RESULT: %s\n".formatted(passed() ? "PASSED" : "FAILED"));
    if (passed()) {
      text.append("\nProof :\n").append(proof()).append('\n');
    }
    return text.toString();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
  }

  /**
   * The base64 of the gzip of a JSON array with one {@code [id, startedAt, proof]} for each job.
   */
  public String proof() {
    JsonArray proofs = new JsonArray();
    for (JsonObject result : results) {
      proofs.add(
          new JsonArray()
              .add(result.getString("id"))
              .add(result.getString("startedAt"))
              .add(result.getString("proof")));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(proofs.encode().getBytes(UTF_8));
    } catch (IOException notInMemory) {
      throw new UncheckedIOException(notInMemory);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
