package io.asyncproxy.benchmarks.wire;

/** What carries exchanges to one authority. All of it belongs to one event loop. */
public sealed interface Transport permits Http1Connections, Http2Connections {
  /** Sends it, now or as soon as there is a connection. */
  void send(Exchange exchange);
}
