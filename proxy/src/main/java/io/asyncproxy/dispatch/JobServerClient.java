package io.asyncproxy.dispatch;

import io.asyncproxy.dispatch.StartOutcome.Unclear;
import io.asyncproxy.dispatch.StartOutcome.Unreachable;
import io.asyncproxy.loop.Deadline;
import io.asyncproxy.loop.EventLoop;
import io.asyncproxy.route.Message;
import io.asyncproxy.tls.Authorities;
import io.asyncproxy.tls.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's connections to the job server. Makes one attempt at a time for each call, never
 * a second one: an attempt ends with what is known of it, at the latest when its time is over.
 */
public final class JobServerClient {
  // Shorter than the job servers we know keep idle connections (Node.js: 5 s): a connection that
  // they close while a start is on its way would make that start unclear.
  private static final int KEEP_ALIVE_SECONDS = 4;

  private final JobServerSettings settings;
  private final Dialect dialect;
  private final EventLoop loop;
  private final InstantSource clock;
  private final HttpClient client;
  private final RequestOptions request;
  private final CallListener listener;

  /** Connections of {@code loop}; {@code listener} is told of what is sent by them. */
  public JobServerClient(
      Vertx vertx,
      JobServerSettings settings,
      Dialect dialect,
      EventLoop loop,
      InstantSource clock,
      CallListener listener) {
    this.listener = listener;
    this.settings = settings;
    this.dialect = dialect;
    this.loop = loop;
    this.clock = clock;
    this.client =
        vertx.createHttpClient(
            options(settings),
            new PoolOptions()
                .setHttp1MaxSize(settings.connections())
                .setMaxWaitQueueSize(settings.connections()));
    this.request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(settings.url().getHost())
            .setPort(settings.port())
            .setURI(settings.target());
  }

  private static HttpClientOptions options(JobServerSettings settings) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setConnectTimeout((int) settings.timeout().toMillis())
            .setSslHandshakeTimeout(settings.timeout().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setTcpNoDelay(true)
            .setDecompressionSupported(false)
            .setSsl(settings.tls())
            .setVerifyHost(true); // a certificate for another host is nobody's we know
    settings.authorities().map(Authorities::options).ifPresent(options::setTrustOptions);
    settings.identity().map(Identity::options).ifPresent(options::setKeyCertOptions);
    return options;
  }

  /** How it is spoken to. */
  Dialect dialect() {
    return dialect;
  }

  /** Sends one attempt; says how it ended, and never fails. */
  Future<StartOutcome> start(StartCall call) {
    Promise<StartOutcome> outcome = Promise.promise();
    Exchange exchange = new Exchange(call.method(), outcome);
    Deadline deadline = loop.deadlines().in(settings.timeout(), exchange::timeOut);
    outcome.future().onComplete(_ -> deadline.cancel());
    client
        .request(request(call))
        .onComplete(
            connected -> exchange.send(connected, call),
            failure -> exchange.end(ConnectionFailure.beforeSending(failure)));
    return outcome.future();
  }

  /** Mostly the same. */
  private RequestOptions request(StartCall call) {
    return call.target().equals(request.getURI()) && call.method().equals(request.getMethod())
        ? request
        : new RequestOptions(request).setMethod(call.method()).setURI(call.target());
  }

  /** Asks for a job, or fetches its result; never fails. */
  Future<Asked> ask(Dialect.Question question) {
    Promise<Asked> answer = Promise.promise();
    long began = System.nanoTime();
    Deadline deadline =
        loop.deadlines()
            .in(
                settings.timeout(),
                () ->
                    answer.tryComplete(
                        new Asked.NoAnswer("no answer within " + text(settings.timeout()))));
    answer
        .future()
        .onComplete(_ -> deadline.cancel())
        .onSuccess(how -> called(how, System.nanoTime() - began));
    RequestOptions get =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(question.url())
            .setFollowRedirects(false)
            .setIdleTimeout(settings.timeout().toMillis());
    question.headers().forEach(get::putHeader);
    client
        .request(get)
        .compose(HttpClientRequest::send)
        .compose(
            response ->
                body(response)
                    .<Asked>map(
                        body -> new Asked.Answered(response.statusCode(), message(response, body))))
        .onComplete(
            answer::tryComplete,
            failure -> answer.tryComplete(new Asked.NoAnswer(ConnectionFailure.reason(failure))));
    return answer.future();
  }

  private void called(Asked how, long nanos) {
    OptionalInt status =
        how instanceof Asked.Answered answered
            ? OptionalInt.of(answered.status())
            : OptionalInt.empty();
    listener.called("GET", status, status.isPresent() ? "" : "no_answer", nanos);
  }

  private static Message message(HttpClientResponse response, byte[] body) {
    return Message.of(response.headers(), null, body);
  }

  /** The whole body, as long as it may be. */
  private Future<byte[]> body(HttpClientResponse response) {
    Promise<byte[]> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.handler(
        chunk -> {
          body.appendBuffer(chunk);
          if (body.length() > settings.maxAnswerBytes()) {
            whole.tryFail("longer than " + settings.maxAnswerBytes() + " bytes");
            response.request().reset();
          }
        });
    response.endHandler(_ -> whole.tryComplete(body.getBytes()));
    return whole.future();
  }

  /** Closes the connections. */
  public Future<Void> close() {
    return client.close();
  }

  /** One request and its answer. */
  private final class Exchange {
    private final Promise<StartOutcome> outcome;
    private final HttpMethod method;
    private final long began = System.nanoTime();
    private OptionalInt status = OptionalInt.empty();
    private HttpClientRequest sent;

    @SuppressWarnings("NullAway.Init") // set when there is a connection
    Exchange(HttpMethod method, Promise<StartOutcome> outcome) {
      this.method = method;
      this.outcome = outcome;
    }

    void send(HttpClientRequest connected, StartCall call) {
      sent = connected;
      if (outcome.future().isComplete()) {
        connected.reset();
        return;
      }
      try {
        call.headers().forEach(connected::putHeader);
      } catch (RuntimeException unsendable) {
        connected.reset();
        end(new StartOutcome.Invalid(OptionalInt.empty(), "The request can't be sent", ""));
        return;
      }
      connected
          .send(Buffer.buffer(call.body()))
          .onComplete(this::read, failure -> end(ConnectionFailure.afterSending(failure)));
    }

    private void read(HttpClientResponse response) {
      status = OptionalInt.of(response.statusCode());
      Buffer body = Buffer.buffer();
      response.exceptionHandler(failure -> end(ConnectionFailure.afterSending(failure)));
      response.handler(
          chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > settings.maxAnswerBytes()) {
              end(tooLong(response, body));
              sent.reset();
            }
          });
      response.endHandler(_ -> end(answer(response, body)));
    }

    private StartOutcome answer(HttpClientResponse response, Buffer body) {
      Message message = message(response, body.getBytes());
      return dialect.answer(response.statusCode(), message, clock.instant());
    }

    private StartOutcome tooLong(HttpClientResponse response, Buffer body) {
      return StartAnswer.invalid(
          response.statusCode(),
          "The job server's answer is longer than " + settings.maxAnswerBytes() + " bytes",
          body.getBytes(0, 4096));
    }

    void timeOut() {
      String waited = text(settings.timeout());
      end(
          sent == null
              ? new Unreachable("No connection to the job server within " + waited)
              : new Unclear(OptionalInt.empty(), "The job server did not answer within " + waited));
      if (sent != null) {
        sent.reset();
      }
    }

    void end(StartOutcome how) {
      if (outcome.tryComplete(how)) {
        String error = how.label().equals(StartOutcome.ACCEPTED) ? "" : how.label();
        listener.called(method.name(), status, error, System.nanoTime() - began);
      }
    }
  }

  private static String text(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
