package io.asyncproxy.admin;

import io.asyncproxy.http.Endpoint;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operators' page: files of the jar, found by exact name only, so that no path leads to any
 * other. Each is read once, when it is first asked for: a few kilobytes of a jar that is open,
 * where all of them would keep the start waiting. They hold no secrets; what they ask for needs the
 * admin token. Thread-safe.
 */
public final class ConsoleFiles {
  /** Nothing but its own files, and nobody may frame it: CSP Level 3. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final List<String> NAMES =
      List.of(
          "style.css",
          "parts.css",
          "icon.svg",
          "main.js",
          "api.js",
          "session.js",
          "trouble.js",
          "poll.js",
          "dom.js",
          "format.js",
          "live.js",
          "charts.js",
          "nodes.js",
          "list.js",
          "jobs.js",
          "job.js",
          "timeline.js",
          "difference.js",
          "letters.js",
          "reasons.js",
          "many.js",
          "dialogs.js",
          "openapi.js",
          "schema.js");

  /** What others have written, by the name under which the page asks for it. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "uplot.js", "uplot/1.6.30/dist/uPlot.iife.min.js",
          "uplot.css", "uplot/1.6.30/dist/uPlot.min.css",
          "jsdiff.js", "diff/5.1.0/dist/diff.min.js");

  private final Map<String, String> resources = new HashMap<>();
  private final Map<String, Endpoint> read = new ConcurrentHashMap<>();

  /** Knows which there are. */
  public ConsoleFiles() {
    NAMES.forEach(name -> resources.put("/console/" + name, "/console/" + name));
    LIBRARIES.forEach(
        (name, path) -> resources.put("/console/" + name, "/META-INF/resources/webjars/" + path));
    resources.put("/console", "/console/index.html");
    resources.put("/console/", "/console/index.html");
  }

  private static byte[] read(String resource) {
    try (InputStream file = ConsoleFiles.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return file.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Endpoint endpoint(String path, String resource) {
    byte[] content = read(resource);
    String tag = tag(content);
    Reply whole = guarded(new Reply(200, type(resource), content, Map.of()), tag);
    Reply unchanged = guarded(Reply.empty(304), tag);
    return new Endpoint(
        path,
        Map.of(
            HttpMethod.GET,
            request -> Future.succeededFuture(has(request, tag) ? unchanged : whole)));
  }

  private static String tag(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static Reply guarded(Reply reply, String tag) {
    return reply
        .header("ETag", tag)
        .header("Cache-Control", "no-cache")
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".html" -> "text/html; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  /** Whether the browser has it already (RFC 9110, section 13.1.2). */
  private static boolean has(Request request, String tag) {
    String known = request.header("If-None-Match");
    return known != null && known.contains(tag);
  }

  /** Every path of the page. */
  Set<String> paths() {
    return Set.copyOf(resources.keySet());
  }

  /** The endpoint of {@code path}; none where it is no file of the page. */
  public Optional<Endpoint> find(String path) {
    return Optional.ofNullable(resources.get(path))
        .map(resource -> read.computeIfAbsent(path, asked -> endpoint(asked, resource)));
  }
}
