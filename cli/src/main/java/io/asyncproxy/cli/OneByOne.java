package io.asyncproxy.cli;

import io.asyncproxy.cli.AdminClient.AdminException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Something that is done to each of many; one that is refused keeps nobody from the next. */
final class OneByOne {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final Action action;
  private final List<String> done = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  /** What is done to one. */
  @FunctionalInterface
  interface Action {
    void on(String id) throws Exception;
  }

  OneByOne(CommandLine command, boolean json, Action action) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.json = json;
    this.action = action;
  }

  /** Does it to all of {@code ids}; those that it was done to. */
  List<String> of(List<String> ids) throws Exception {
    boolean many = ids.size() > 1 && !json;
    ProgressBar bar = new ProgressBar(out, Terminal.isWatched(), Math.max(1, ids.size()));
    for (int i = 0; i < ids.size(); i++) {
      act(ids.get(i));
      if (many) {
        bar.show(i + 1);
      }
    }
    return done;
  }

  private void act(String id) throws Exception {
    try {
      action.on(id);
      done.add(id);
    } catch (AdminException no) {
      if (!no.isAboutThisOne()) {
        refused.forEach(err::println);
        err.println(
            "Stopped at %s; done before: %s"
                .formatted(id, done.isEmpty() ? "none" : String.join(" ", done)));
        throw no;
      }
      refused.add(Terminal.oneLine(id + ": " + no.getMessage()));
    }
  }

  /** Says which were refused; 1 where there are such, else 0. */
  int exit(String what) {
    refused.forEach(err::println);
    if (!refused.isEmpty()) {
      err.println(refused.size() + " could not be " + what);
    }
    err.flush();
    return refused.isEmpty() ? 0 : 1;
  }
}
