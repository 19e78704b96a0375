package io.asyncproxy.benchmarks.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A load.
 *
 * @param target where {@code POST /proxy} goes
 * @param arrival when requests are sent
 * @param most how many are sent in all
 * @param connections most connections of HTTP/1.1, further requests queue; 0: HTTP/2 with prior
 *     knowledge instead
 * @param timeout how long an answer may take
 */
public record LoadPlan(
    InetSocketAddress target, Arrival arrival, long most, int connections, Duration timeout) {
  /** Of an open loop: a process has 20,000 descriptors, and the program under test needs two. */
  public static final int OPEN_LOOP_CONNECTIONS = 4_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** So many in flight until it is stopped. */
  public static LoadPlan closed(int port, int inFlight) {
    return new LoadPlan(
        local(port), new Arrival.Closed(inFlight), Long.MAX_VALUE, inFlight, TIMEOUT);
  }

  /** So many a second until it is stopped. */
  public static LoadPlan open(int port, double perSecond) {
    return new LoadPlan(
        local(port), new Arrival.Open(perSecond), Long.MAX_VALUE, OPEN_LOOP_CONNECTIONS, TIMEOUT);
  }

  /** Sends so many and no more, at so many a second, each to be held as long as the test lasts. */
  public static LoadPlan holding(int port, double perSecond, long most, int connections) {
    return new LoadPlan(
        local(port), new Arrival.Open(perSecond), most, connections, Duration.ofMinutes(20));
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
