package io.asyncproxy.store;

/**
 * What a job is found by where its callback URL does not say which it is. Ids of routes' APIs are
 * told apart from those of others, and from those of the default job server, whatever these are.
 *
 * @param route the route whose API calls it so; empty for the default job server
 * @param id what that calls it
 */
public record JobName(String route, String id) {
  private static final char MARK = '@';
  private static final char END = '/';

  /** The name that {@code text} is the text of. */
  public static JobName of(String text) {
    if (text.isEmpty() || text.charAt(0) != MARK) {
      return new JobName("", text);
    }
    int end = text.indexOf(END);
    return text.startsWith(MARK + "" + MARK) || end < 0
        ? new JobName("", text.substring(1))
        : new JobName(text.substring(1, end), text.substring(end + 1));
  }

  /** One text for both parts, as notes are found by; another one for each name. */
  public String text() {
    if (route.isEmpty()) {
      return !id.isEmpty() && id.charAt(0) == MARK ? MARK + id : id;
    }
    return MARK + route + END + id;
  }
}
