package io.asyncproxy.dispatch;

import io.asyncproxy.route.Message;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Map;

/** Starts over TLS, by Vert.x' client and its pool. */
final class TlsStarts implements Starts {
  private static final int EXCERPT_BYTES = 4096;

  private final HttpClient client;
  private final Exchange.Terms terms;

  TlsStarts(HttpClient client, Exchange.Terms terms) {
    this.client = client;
    this.terms = terms;
  }

  @Override
  public Future<StartOutcome> start(StartCall call) {
    Exchange exchange = new Exchange(call, terms);
    client
        .request(options(call))
        .onComplete(connected -> send(exchange, connected), exchange::notConnected);
    return exchange.outcome();
  }

  private RequestOptions options(StartCall call) {
    return new RequestOptions()
        .setMethod(call.method())
        .setHost(terms.settings().url().getHost())
        .setPort(terms.settings().port())
        .setURI(call.target());
  }

  private void send(Exchange exchange, HttpClientRequest request) {
    if (exchange.isOver()) {
      request.reset();
      return;
    }
    try {
      put(exchange.call().headers(), request);
      put(exchange.call().further(), request);
    } catch (RuntimeException unsendable) {
      request.reset();
      exchange.unsendable();
      return;
    }
    exchange.sending(request::reset);
    request
        .send(Buffer.buffer(exchange.call().body()))
        .onComplete(response -> read(exchange, response), exchange::broke);
  }

  private static void put(Map<String, String> headers, HttpClientRequest request) {
    headers.forEach(request::putHeader);
  }

  private void read(Exchange exchange, HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(exchange::broke);
    response.handler(
        chunk -> {
          body.appendBuffer(chunk);
          if (body.length() > terms.settings().maxAnswerBytes()) {
            int shown = Math.min(body.length(), EXCERPT_BYTES);
            exchange.tooLong(response.statusCode(), body.getBytes(0, shown));
            response.request().reset();
          }
        });
    response.endHandler(
        _ -> {
          Message message = Message.of(response.headers(), null, body.getBytes());
          exchange.answered(response.statusCode(), message);
        });
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }
}
