package io.asyncproxy.delivery;

import io.asyncproxy.headers.RetryAfter;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.signature.WebhookMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends one message to one URL, on a connection to an address that was checked. */
final class DeliveryClient {
  private static final Duration ATTEMPT = Duration.ofSeconds(20);
  private static final int ANSWER_BYTES = 65_536;
  private static final int PER_HOST = 8;
  private static final int QUEUE_PER_HOST = 256;

  private final Target target;
  private final List<WebhookKey> keys;
  private final HttpClient client;
  private final Vertx vertx;
  private final InstantSource clock;

  DeliveryClient(Vertx vertx, InstantSource clock, Target target, List<WebhookKey> keys) {
    this.clock = clock;
    this.vertx = vertx;
    this.target = target;
    this.keys = keys;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) ATTEMPT.toMillis() / 2)
                .setKeepAliveTimeout(4)
                .setDecompressionSupported(false)
                .setVerifyHost(true),
            new PoolOptions().setHttp1MaxSize(PER_HOST).setMaxWaitQueueSize(QUEUE_PER_HOST));
  }

  /** Sends it; never fails. */
  Future<DeliveryAnswer> send(
      URI url, WebhookMessage message, String job, Map<String, String> headers) {
    Exchange exchange = new Exchange();
    target
        .address(url)
        .compose(address -> client.request(with(headers, options(url, address, message, job))))
        .compose(request -> exchange.send(request, message))
        .onFailure(failure -> exchange.end(ofFailure(failure)));
    return exchange.answer.future();
  }

  private static RequestOptions with(Map<String, String> headers, RequestOptions options) {
    headers.forEach(options::putHeader);
    return options;
  }

  private RequestOptions options(URI url, InetAddress address, WebhookMessage message, String job) {
    boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
    int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)))
            .setHost(url.getHost())
            .setPort(port)
            .setSsl(tls)
            .setURI(url.getRawQuery() == null ? path : path + '?' + url.getRawQuery())
            .setFollowRedirects(false)
            .putHeader("Content-Type", "application/json")
            .putHeader("User-Agent", "async-proxy")
            .putHeader("Job-Id", job)
            .putHeader(WebhookMessage.ID, message.id())
            .putHeader(WebhookMessage.TIMESTAMP, message.timestamp());
    if (!keys.isEmpty()) {
      options.putHeader(WebhookMessage.SIGNATURE, message.signedBy(keys));
    }
    return options;
  }

  /** One request, and what is read of its answer: the status, in time, and little besides. */
  private final class Exchange {
    private final Promise<DeliveryAnswer> answer = Promise.promise();
    private final long timer = vertx.setTimer(ATTEMPT.toMillis(), _ -> timeOut());
    private @Nullable HttpClientRequest sent;
    private int length;

    Future<Void> send(HttpClientRequest request, WebhookMessage message) {
      if (answer.future().isComplete()) {
        request.reset();
        return Future.succeededFuture();
      }
      sent = request;
      return request.send(Buffer.buffer(message.body())).map(this::read);
    }

    private @Nullable Void read(HttpClientResponse response) {
      response.handler(this::passOver);
      response.exceptionHandler(_ -> vertx.cancelTimer(timer));
      response.endHandler(_ -> vertx.cancelTimer(timer));
      Optional<String> retryAfter = Optional.ofNullable(response.getHeader("Retry-After"));
      answer.tryComplete(
          DeliveryAnswer.of(response.statusCode(), RetryAfter.parse(retryAfter, clock.instant())));
      return null;
    }

    private void passOver(Buffer chunk) {
      length += chunk.length();
      if (length > ANSWER_BYTES) {
        reset();
      }
    }

    private void timeOut() {
      answer.tryComplete(failed("no answer within " + ATTEMPT.toSeconds() + " s"));
      reset();
    }

    private void reset() {
      vertx.cancelTimer(timer);
      if (sent != null) {
        sent.reset();
      }
    }

    void end(DeliveryAnswer how) {
      vertx.cancelTimer(timer);
      answer.tryComplete(how);
    }
  }

  private static DeliveryAnswer ofFailure(Throwable failure) {
    return failure instanceof ConnectionPoolTooBusyException
        ? new DeliveryAnswer.NotSent("too many to its host were under way")
        : failed(brief(failure));
  }

  private static DeliveryAnswer failed(String why) {
    return new DeliveryAnswer.Failed(why, Optional.empty());
  }

  private static String brief(Throwable failure) {
    return failure.getMessage() != null ? failure.getMessage() : failure.getClass().getSimpleName();
  }
}
