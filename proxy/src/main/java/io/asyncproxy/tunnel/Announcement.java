package io.asyncproxy.tunnel;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that says where the tunnel is reached.
 *
 * <p>The whole line has to be one of a few, since whatever else comes from there holds URLs too: of
 * documentation, of the day's message, and, in the log that some services show, of requests that
 * strangers make. Who could slip an address in would get the callbacks.
 *
 * @param url where, without a path
 * @param kind how good an address it is
 */
record Announcement(URI url, Kind kind) {

  /** From the least wanted one to the best. */
  enum Kind {
    /** Only the port is known, and that it is the ssh server's own. */
    PORT,
    /** Read by anybody on its way. */
    HTTP,
    HTTPS
  }

  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");
  private static final Pattern ALLOCATED =
      Pattern.compile("Allocated port (\\d{1,5}) for remote forward to \\S+");
  private static final String URL =
      "(https?://(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(?::\\d{1,5})?)/?";

  private static final List<Pattern> NAMED =
      List.of(
          Pattern.compile("\\S+ tunneled with tls termination, " + URL), // localhost.run
          Pattern.compile(URL + " tunneled with tls termination"), // and as it once was
          Pattern.compile("Forwarding (?:[A-Za-z]+ )?traffic from " + URL), // Serveo
          Pattern.compile("HTTPS?: +" + URL), // sish
          Pattern.compile("\\d+: +" + URL), // srv.us
          Pattern.compile(URL)); // Pinggy, and whoever prints it by a script of his own

  /** What {@code line} announces of a tunnel by way of {@code server}. */
  static Optional<Announcement> in(String line, Destination server) {
    String plain = COLOURS.matcher(line).replaceAll("").strip();
    Matcher allocated = ALLOCATED.matcher(plain);
    return allocated.matches()
        ? parsed("http://" + server.urlHost() + ':' + allocated.group(1), Kind.PORT)
        : NAMED.stream()
            .map(pattern -> pattern.matcher(plain))
            .filter(Matcher::matches)
            .findFirst()
            .map(matcher -> matcher.group(1))
            .flatMap(url -> parsed(url, url.startsWith("https") ? Kind.HTTPS : Kind.HTTP));
  }

  private static Optional<Announcement> parsed(String url, Kind kind) {
    try {
      URI uri = URI.create(url);
      return uri.getHost() == null || uri.getPort() > 65_535
          ? Optional.empty()
          : Optional.of(new Announcement(uri, kind));
    } catch (IllegalArgumentException notAUrl) {
      return Optional.empty();
    }
  }
}
