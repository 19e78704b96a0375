package io.asyncproxy.benchmarks.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live heap of a Java process with the parallel collector, by {@code jcmd}. */
public final class LiveHeap {
  private static final Pattern USED =
      Pattern.compile("^\\s*(?:PSYoungGen|ParOldGen)\\s.*used (\\d+)K", Pattern.MULTILINE);

  private LiveHeap() {}

  /** Bytes after two full collections: the second takes what the first only found unreachable. */
  public static double bytes(long pid) {
    jcmd(pid, "GC.run");
    return bytesAfterOneMore(pid);
  }

  /** Bytes after one full collection. */
  public static double bytesAfterOneMore(long pid) {
    jcmd(pid, "GC.run");
    return used(jcmd(pid, "GC.heap_info"));
  }

  static double used(String heapInfo) {
    Matcher matcher = USED.matcher(heapInfo);
    double bytes = 0;
    int found = 0;
    while (matcher.find()) {
      bytes += Long.parseLong(matcher.group(1)) * 1_024.0;
      found++;
    }
    if (found != 2) {
      throw new CannotMeasureException("jcmd GC.heap_info is not understood: " + heapInfo);
    }
    return bytes;
  }

  private static String jcmd(long pid, String command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new CannotMeasureException("jcmd " + pid + ' ' + command + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new CannotMeasureException(jcmd + " is needed: run with a JDK, not a JRE", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotMeasureException("interrupted", e);
    }
  }
}
