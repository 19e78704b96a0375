package io.asyncproxy;

import io.asyncproxy.http.HttpLimits;
import io.asyncproxy.tls.ListenerTls;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;

/** How the public listener takes connections, and what one of them may cost. */
final class EdgeOptions {
  private static final int BACKLOG = 4_096;

  /**
   * What HTTP/1.1 takes is to be taken by HTTP/2 as well, which counts 32 bytes more for each field
   * (RFC 9113, section 6.5.2): 64 fields. More is answered with 431; a quarter more ends the
   * connection, since headers can't be skipped without losing the state of their compression.
   */
  private static final int HEADER_LIST_BYTES = HttpLimits.HEADER_BYTES + 64 * 32;

  /**
   * Held requests of one HTTP/2 connection. A load balancer may send all of its clients' on one, so
   * Vert.x' 100 would leave most of them waiting; each costs as much as one held on a connection of
   * its own, and all of them together are bounded by held.max.
   */
  private static final int STREAMS = 1_024;

  /**
   * In 30 s, ten times all streams: a load balancer resets a stream for every client that leaves,
   * and closing its connection takes the held requests of the others along. What it lets through
   * (rapid reset, CVE-2023-44487) is 333 requests a second from each connection, which it could as
   * well send without resetting them.
   */
  private static final int RESETS = 10 * STREAMS;

  /**
   * Of a body that has not been read yet: HTTP/2's own default. Bodies are read as they come, so
   * that a larger one would only be memory for those who stall.
   */
  private static final int STREAM_WINDOW_BYTES = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

  /** The same for all streams of a connection; 16 MiB is Vert.x' own. */
  private static final int CONNECTION_WINDOW_BYTES = 1 << 20;

  private EdgeOptions() {}

  static HttpServer server(Vertx vertx, ProxySettings settings) {
    HttpServerOptions options = options(settings);
    return settings
        .tls()
        .map(ListenerTls::options)
        .map(tls -> vertx.createHttpServer(new HttpServerConfig(options), tls))
        .orElseGet(() -> vertx.createHttpServer(options));
  }

  static HttpServerOptions options(ProxySettings settings) {
    return new HttpServerOptions()
        .setHost(settings.host())
        .setPort(settings.port())
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true)
        .setHandle100ContinueAutomatically(true)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxHeaderSize(HttpLimits.HEADER_BYTES)
        .setHttp2RstFloodMaxRstFramePerWindow(RESETS)
        .setHttp2RstFloodWindowDuration(30)
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(STREAMS)
                .setMaxHeaderListSize(HEADER_LIST_BYTES)
                .setInitialWindowSize(STREAM_WINDOW_BYTES));
  }
}
