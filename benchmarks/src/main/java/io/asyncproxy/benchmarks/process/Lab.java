package io.asyncproxy.benchmarks.process;

import io.asyncproxy.benchmarks.limit.LimitCommand;
import io.asyncproxy.benchmarks.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts programs on free ports of 127.0.0.1; all of them end with it. */
public final class Lab implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(3);
  private static final List<String> LIMIT_OPTIONS =
      List.of(
          "-XX:+UseParallelGC",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "-Xmx1g");
  private static final List<String> SIMULATOR_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "-Xmx1g");

  private final LabSettings settings;
  private final Children children;
  private final AtomicInteger started = new AtomicInteger();
  private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** Nothing is started yet. */
  public Lab(LabSettings settings) {
    this.settings = settings;
    this.children = new Children(settings.runs());
  }

  /** What is measured with what. */
  public LabSettings settings() {
    return settings;
  }

  /** Those of them that this machine can run. */
  public List<Side> available(Side... wanted) {
    return Arrays.stream(wanted)
        .filter(side -> side != Side.REDIS || redisMissing().isEmpty())
        .toList();
  }

  /** Why Redis is left out, where it is. */
  public Optional<String> redisMissing() {
    if (!settings.redis()) {
      return Optional.of("redis: skipped, as --redis off asks");
    }
    return Redis.isOnPath()
        ? Optional.empty()
        : Optional.of("redis: skipped, redis-server is not on the PATH");
  }

  /** The simulated job server. */
  public SimulatorProcess simulator(SimulatorOptions options) throws InterruptedException {
    List<String> command = ownJava(SIMULATOR_OPTIONS, options.arguments());
    Child child = children.start("simulator-" + started.incrementAndGet(), command);
    child.await(() -> Local.isOk(options.port(), "/stats"), START, PAUSE);
    return new SimulatorProcess(options.port(), child);
  }

  /** A program under test, ready. */
  public Program start(Side side, int jobServerPort, ProxyOptions options)
      throws InterruptedException {
    return side == Side.LIMIT ? limit(jobServerPort) : proxy(side, jobServerPort, options);
  }

  private Program limit(int jobServerPort) throws InterruptedException {
    int port = Ports.free();
    Child child =
        children.start(
            "limit-" + started.incrementAndGet(),
            ownJava(LIMIT_OPTIONS, LimitCommand.arguments(port, jobServerPort)));
    child.await(() -> Local.isOk(port, "/"), START, PAUSE);
    return new Program(
        Side.LIMIT, port, 0, children.folder().resolve("none"), child, Optional.empty());
  }

  private Program proxy(Side side, int jobServerPort, ProxyOptions options)
      throws InterruptedException {
    int number = started.incrementAndGet();
    Path store = children.folder().resolve("store-" + number);
    Optional<Child> redis = Optional.empty();
    String url = side == Side.MEMORY ? "memory:" : "file:" + store;
    if (side == Side.REDIS) {
      int redisPort = Ports.free();
      redis = Optional.of(redis(redisPort, number, store));
      url = "redis://127.0.0.1:" + redisPort;
    }
    int port = Ports.free();
    int adminPort = Ports.free();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java, "@" + settings.jvmOptions()));
    command.add("-Xmx" + options.heapMegabytes() + 'm');
    command.addAll(options.java());
    command.addAll(List.of("-jar", settings.jar().toString(), "serve"));
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of("--admin-port", Integer.toString(adminPort), "--store-url", url));
    command.addAll(List.of("--public-url", "http://127.0.0.1:" + port + "/proxy"));
    command.addAll(List.of("--job-server-url", "http://127.0.0.1:" + jobServerPort + "/start"));
    command.addAll(options.settings());
    Child child = children.start("proxy-" + side.label() + '-' + number, command);
    child.await(() -> Local.isOk(port, "/readyz"), START, PAUSE);
    return new Program(side, port, adminPort, store, child, redis);
  }

  private Child redis(int port, int number, Path folder) throws InterruptedException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CannotMeasureException(folder + " can't be made", e);
    }
    Child redis = children.start("redis-" + number, Redis.command(port, folder));
    redis.await(() -> Ports.isOpen(port), START, PAUSE);
    return redis;
  }

  private List<String> ownJava(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.asyncproxy.benchmarks.Main");
    command.addAll(arguments);
    return command;
  }

  @Override
  public void close() {
    children.close();
  }
}
