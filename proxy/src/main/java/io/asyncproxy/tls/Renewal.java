package io.asyncproxy.tls;

import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes renewed certificates without a restart: reads the files of a listener again and again, and
 * what is new and right is used for connections from then on. What is wrong, or only half written,
 * is said once, and looked at again.
 *
 * <p>Files are compared by what is in them: they are small, and neither times nor names tell of
 * every way in which they are replaced (Kubernetes swaps a link to their directory).
 *
 * <p>All state belongs to one event loop; the files are read elsewhere.
 */
public final class Renewal {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final EventLoop loop;
  private final Function<ServerSSLOptions, Future<?>> listener;
  private volatile ListenerTls used;
  private String said = "";
  private volatile boolean closed;

  /**
   * A renewal that is not started yet.
   *
   * @param used what the listener was started with
   * @param listener changes the listener
   */
  public Renewal(
      Vertx vertx,
      EventLoop loop,
      ListenerTls used,
      Function<ServerSSLOptions, Future<?>> listener) {
    this.vertx = vertx;
    this.loop = loop;
    this.used = used;
    this.listener = listener;
  }

  /** What the listener uses now. */
  public ListenerTls used() {
    return used;
  }

  /** Begins to look. */
  public void start() {
    loop.execute(this::lookLater);
  }

  /** Looks no more. */
  public void close() {
    closed = true;
  }

  private void lookLater() {
    loop.deadlines().in(PAUSE, this::look);
  }

  private void look() {
    if (closed) {
      return;
    }
    ListenerTls before = used;
    vertx
        .executeBlocking(() -> Found.since(before))
        .compose(found -> found.<Future<?>>map(this::use).orElseGet(Future::succeededFuture))
        .onComplete(_ -> said = "", this::sayOnce)
        .onComplete(_ -> lookLater());
  }

  /** What is new in the files, and what follows for the listener. */
  private record Found(ListenerTls tls, String shown, ServerSSLOptions options) {
    static Optional<Found> since(ListenerTls before) {
      ListenerTls now = before.again();
      return now.equals(before)
          ? Optional.empty()
          : Optional.of(new Found(now, now.identity().shown(), now.options()));
    }
  }

  private Future<?> use(Found found) {
    return listener
        .apply(found.options())
        .onSuccess(
            _ -> {
              used = found.tls();
              LOG.info("New connections get the renewed certificate: {}", found.shown());
            });
  }

  private void sayOnce(Throwable failure) {
    String why = String.valueOf(failure.getMessage());
    if (!why.equals(said) && !closed) {
      said = why;
      LOG.warn(
          "The renewed certificate can't be used: {}. The one before stays in use; the files are"
              + " looked at every {} s",
          why,
          PAUSE.toSeconds());
    }
  }
}
