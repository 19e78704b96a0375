package io.asyncproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs from npm in a folder of their own. */
final class NodePackages {
  private static final int MOST_MINUTES = 5;

  private final Path folder;

  private NodePackages(Path folder) {
    this.folder = folder;
  }

  /** Installs {@code packages}, each with its version, unless they are there already. */
  static NodePackages in(String name, String... packages) throws Exception {
    Path folder = Files.createDirectories(Path.of("target", "npm", name).toAbsolutePath());
    NodePackages installed = new NodePackages(folder);
    installed.write("package.json", "{\"private\":true,\"type\":\"module\"}");
    List<String> command =
        new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"));
    command.addAll(List.of(packages));
    try {
      installed.run(command);
    } catch (IOException missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw missing;
      }
      Assumptions.abort("Node.js or the network is missing: " + missing.getMessage());
    }
    return installed;
  }

  Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** What a program of one of the packages prints. */
  String program(String name, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("node_modules").resolve(".bin").resolve(name).toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** What a script prints. */
  String node(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .putAll(Map.of("REDOCLY_TELEMETRY", "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));
    Process process = builder.start();
    if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within " + MOST_MINUTES + " minutes");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command + " failed: " + Files.readString(out) + Files.readString(err));
    }
    return Files.readString(out);
  }
}
