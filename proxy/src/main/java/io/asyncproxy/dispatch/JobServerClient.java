package io.asyncproxy.dispatch;

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
  private final JobServerSettings settings;
  private final Dialect dialect;
  private final EventLoop loop;
  private final HttpClient client;
  private final Starts starts;
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
    this.client = client(vertx, settings);
    var terms = new Exchange.Terms(settings, dialect, loop, clock, listener);
    this.starts = settings.tls() ? new TlsStarts(client, terms) : new PlainStarts(vertx, terms);
  }

  static HttpClient client(Vertx vertx, JobServerSettings settings) {
    return vertx.createHttpClient(
        options(settings),
        new PoolOptions()
            .setHttp1MaxSize(settings.connections())
            .setMaxWaitQueueSize(settings.connections()));
  }

  private static HttpClientOptions options(JobServerSettings settings) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAliveTimeout((int) Starts.LONGEST_IDLE.toSeconds())
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
    return starts.start(call);
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
    try {
      send(question)
          .onComplete(
              answer::tryComplete,
              failure -> answer.tryComplete(new Asked.NoAnswer(ConnectionFailure.reason(failure))));
    } catch (RuntimeException notSent) { // as where its URL has no such port
      answer.tryComplete(new Asked.NoAnswer(ConnectionFailure.reason(notSent)));
    }
    return answer.future();
  }

  private Future<Asked> send(Dialect.Question question) {
    RequestOptions get =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(question.url())
            .setFollowRedirects(false)
            .setIdleTimeout(settings.timeout().toMillis());
    question.headers().forEach(get::putHeader);
    return client
        .request(get)
        .compose(HttpClientRequest::send)
        .compose(
            response ->
                body(response)
                    .map(
                        body ->
                            new Asked.Answered(response.statusCode(), message(response, body))));
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
    return Future.join(starts.close(), client.close()).mapEmpty();
  }

  private static String text(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
