package io.asyncproxy.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A way to a server on this machine whose connections can be made to bring nothing any more,
 * without being closed: as when the machine at the other end is gone. New ones work.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Way> ways = new CopyOnWriteArrayList<>();
  private volatile int target;

  Relay(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Nothing comes or goes any more on the connections that are open now. */
  void mute() {
    ways.forEach(way -> way.muted = true);
  }

  /** Where new connections lead. */
  void turnTo(int other) {
    target = other;
  }

  private void accept() {
    try {
      while (true) {
        Socket from = listener.accept();
        Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
        Way way = new Way(from, to);
        ways.add(way);
        Thread.ofVirtual().start(() -> way.carry(from, to));
        Thread.ofVirtual().start(() -> way.carry(to, from));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private static final class Way {
    private final Socket from;
    private final Socket to;
    private volatile boolean muted;

    Way(Socket from, Socket to) {
      this.from = from;
      this.to = to;
    }

    private void carry(Socket source, Socket sink) {
      byte[] buffer = new byte[65_536];
      try {
        for (int n = source.getInputStream().read(buffer);
            n >= 0;
            n = source.getInputStream().read(buffer)) {
          if (!muted) {
            sink.getOutputStream().write(buffer, 0, n);
          }
        }
        close();
      } catch (IOException _) {
        close();
      }
    }

    private void close() {
      try {
        from.close();
        to.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    ways.forEach(Way::close);
  }
}
