package io.asyncproxy.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * How far something is: {@code 25 / 50 [=====>-----] 50.00 % 1s}. On a terminal the line is drawn
 * again and again; elsewhere only its last state is printed.
 */
final class ProgressBar {
  private static final int WIDTH = 58;

  private final PrintWriter out;
  private final boolean live;
  private final int total;
  private final long beganNanos = System.nanoTime();

  ProgressBar(PrintWriter out, boolean live, int total) {
    this.out = out;
    this.live = live;
    this.total = total;
  }

  void show(int done) {
    boolean last = done == total;
    if (live) {
      out.print('\r' + line(done) + (last ? System.lineSeparator() : ""));
      out.flush();
    } else if (last) {
      out.println(line(done));
      out.flush();
    }
  }

  private String line(int done) {
    return render(done, total, Duration.ofNanos(System.nanoTime() - beganNanos));
  }

  static String render(int done, int total, Duration elapsed) {
    int filled = (int) ((long) WIDTH * done / total);
    String bar =
        filled == WIDTH
            ? "=".repeat(WIDTH)
            : "=".repeat(filled) + ">" + "-".repeat(WIDTH - filled - 1);
    double percent = 100.0 * done / total;
    long seconds = Math.max(1, Math.round(elapsed.toMillis() / 1000.0));
    String width = Integer.toString(Integer.toString(total).length());
    return String.format(
        Locale.ROOT, "%" + width + "d / %d [%s] %.2f %% %ds", done, total, bar, percent, seconds);
  }
}
