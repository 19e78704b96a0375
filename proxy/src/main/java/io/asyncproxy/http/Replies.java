package io.asyncproxy.http;

import io.asyncproxy.store.StoreUnavailableException;
import io.vertx.core.http.HttpMethod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends answers, and knows which one a failure stands for. */
public final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private final Cors cors;

  /** Answers that browsers on the origins of {@code cors} may read. */
  public Replies(Cors cors) {
    this.cors = cors;
  }

  /** Sends {@code reply}, unless the client has gone. */
  public void send(Request request, Reply reply) {
    request.answer(cors.allow(request, reply));
  }

  /** The answer that {@code failure} stands for. */
  Reply failed(HttpMethod method, String route, Throwable failure) {
    return switch (failure) {
      case ProblemException expected -> expected.problem().reply();
      case StoreUnavailableException away -> {
        LOG.warn("{} {} answered 503: {}", method, route, away.getMessage());
        yield Problem.of(503, "Store unavailable").retryAfter(1).reply();
      }
      default -> {
        LOG.error("{} {} answered 500", method, route, failure);
        yield Problem.of(500, "Internal error").reply();
      }
    };
  }
}
