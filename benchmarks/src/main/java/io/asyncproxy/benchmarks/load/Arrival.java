package io.asyncproxy.benchmarks.load;

/** When requests are sent. */
public sealed interface Arrival {
  /** So many in flight at any time: the next is sent when one is answered. */
  record Closed(int inFlight) implements Arrival {}

  /** So many a second, whatever the answers do. */
  record Open(double perSecond) implements Arrival {}
}
