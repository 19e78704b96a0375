package io.asyncproxy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** A collector's endpoint: OTLP over HTTP, binary protobuf, as its specification says. */
final class Collector implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  Collector() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
            .listen(0, "127.0.0.1")
            .await(20, TimeUnit.SECONDS);
  }

  private void take(HttpServerRequest request, Buffer body) {
    boolean expected =
        "/v1/traces".equals(request.path())
            && "application/x-protobuf".equals(request.getHeader("Content-Type"))
            && "gzip".equals(request.getHeader("Content-Encoding"));
    if (!expected) {
      request.response().setStatusCode(400).end();
      return;
    }
    keys.add(String.valueOf(request.getHeader("X-Key")));
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
      ExportTraceServiceRequest.parseFrom(unzipped).getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(spans::add);
      request.response().putHeader("Content-Type", "application/x-protobuf").end();
    } catch (IOException broken) {
      request.response().setStatusCode(400).end();
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  List<String> keys() {
    return List.copyOf(keys);
  }

  static String hex(com.google.protobuf.ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  static Optional<String> attribute(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst();
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }
}
