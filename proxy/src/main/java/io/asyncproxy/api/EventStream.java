package io.asyncproxy.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.hold.Watches.Watch;
import io.asyncproxy.http.Caller;
import io.asyncproxy.http.JobView;
import io.asyncproxy.http.Problem;
import io.asyncproxy.http.Reply;
import io.asyncproxy.http.Request;
import io.asyncproxy.http.VertxRequest;
import io.asyncproxy.job.Job;
import io.asyncproxy.job.JobId;
import io.asyncproxy.job.JobState;
import io.asyncproxy.job.Progress;
import io.asyncproxy.loop.Deadline;
import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job's states as server-sent events (WHATWG HTML, section 9.2): one {@code state} event for the
 * state now and for each that follows; the last one ends the stream. A state that is over before it
 * can be read is skipped. What the job server says in between is a {@code progress} event. The
 * event's id is the state, so that a client that comes back with {@code Last-Event-ID} is not told
 * the same again.
 */
final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration LONGEST_STALL = Duration.ofSeconds(60);

  private final Services services;
  private final EventLoop loop;
  private final JobId job;
  private final Caller caller;
  private final VertxRequest request;
  private final Promise<Reply> reply;
  private final Watch watch;
  private @Nullable Deadline heartbeat;
  private @Nullable Deadline stalled;
  private @Nullable JobState told;
  private Optional<Instant> lastProgress = Optional.empty();
  private boolean begun;
  private boolean looking;
  private boolean changed;
  private boolean over;

  EventStream(Services services, EventLoop loop, JobId job, Caller caller, VertxRequest request) {
    this.caller = caller;
    this.services = services;
    this.loop = loop;
    this.job = job;
    this.request = request;
    this.reply = loop.promise();
    this.watch = new Watch(job, loop, this::look);
  }

  static boolean isWanted(Request request) {
    String accept = request.header("Accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/event-stream");
  }

  /** Begins; the reply is only given where there is no job to follow. */
  Future<Reply> begin() {
    if (!services.watches().add(watch)) {
      return Future.failedFuture(HeldRequest.noRoom().exception());
    }
    if (request.isClosed()) {
      end();
      return reply.future();
    }
    request.onClosed(this::end);
    services.store().follow(job).onComplete(_ -> look());
    return reply.future();
  }

  private HttpServerResponse response() {
    return request.vertx().response();
  }

  private void look() {
    changed = looking;
    if (looking || over || isBehind()) {
      return;
    }
    looking = true;
    services
        .store()
        .find(job)
        .onComplete(
            found -> {
              looking = false;
              tell(found);
              if (changed) {
                look();
              }
            },
            failure -> {
              looking = false;
              fail(failure);
            });
  }

  /**
   * A client that does not read what it was told is told of the job as it is when it has read. One
   * that reads nothing for long does not keep its place.
   */
  private boolean isBehind() {
    HttpServerResponse response = response();
    if (!begun || !response.writeQueueFull()) {
      return false;
    }
    if (stalled == null) {
      stalled = loop.deadlines().in(LONGEST_STALL, response::reset);
      response.drainHandler(_ -> goOn());
    }
    return true;
  }

  private void goOn() {
    if (stalled != null) {
      stalled.cancel();
      stalled = null;
    }
    look();
  }

  private void tell(Optional<Job> found) {
    if (over) {
      return; // its client left meanwhile, and nobody would end what begins now
    }
    if (found.filter(caller::owns).isEmpty()) {
      fail(Problem.of(404, "No such job").exception());
      return;
    }
    open();
    Job now = found.get();
    if (now.state() != told && !alreadyTold(now)) {
      write(event("state", "id: " + now.state().label() + '\n', now));
    }
    told = now.state();
    tellProgress(now);
    if (now.state().isFinished()) {
      finish();
    }
  }

  private void tellProgress(Job now) {
    if (now.state() == JobState.RUNNING && !now.progress().map(Progress::at).equals(lastProgress)) {
      lastProgress = now.progress().map(Progress::at);
      write(event("progress", "", now));
    }
  }

  private boolean alreadyTold(Job now) {
    return told == null && now.state().label().equals(request.header("Last-Event-ID"));
  }

  private void open() {
    if (begun) {
      return;
    }
    begun = true;
    Reply head =
        Reply.empty(200)
            .header("Content-Type", "text/event-stream")
            .header("Cache-Control", "no-store")
            .header("Job-Id", job.toString());
    HttpServerResponse response = response();
    response.setChunked(true);
    services.cors().allow(request, head).headers().forEach(response::putHeader);
    beat();
  }

  private void beat() {
    heartbeat =
        loop.deadlines()
            .in(
                HEARTBEAT,
                () -> {
                  if (!response().writeQueueFull()) {
                    write(": still there\n\n");
                  }
                  beat();
                });
  }

  private static String event(String name, String id, Job job) {
    String data = new String(JobView.json(job), UTF_8);
    StringBuilder event = new StringBuilder(id).append("event: ").append(name);
    data.lines().forEach(line -> event.append("\ndata: ").append(line));
    return event.append("\n\n").toString();
  }

  private void write(String text) {
    if (!over) {
      response().write(text);
    }
  }

  private void fail(Throwable failure) {
    if (begun) {
      finish(); // the client comes back by itself, as event sources do
    } else {
      end();
      reply.tryFail(failure);
    }
  }

  private void finish() {
    if (!over) {
      end();
      response().end();
    }
  }

  private void end() {
    over = true;
    services.watches().remove(watch);
    if (heartbeat != null) {
      heartbeat.cancel();
    }
    if (stalled != null) {
      stalled.cancel();
    }
  }
}
