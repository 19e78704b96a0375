package io.asyncproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job server on a bare socket, which can do what no HTTP library does. */
public final class RawJobServer implements AutoCloseable {

  /** What is done with one connection. */
  public interface Fault {
    /** Deals with {@code connection}; {@code server} reads requests of it. */
    void meet(Socket connection, RawJobServer server) throws Exception;
  }

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

  private final int port;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger starts = new AtomicInteger();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final int faulty;
  private final Fault fault;
  private volatile ServerSocket listening;

  /** Has the port while nobody listens on it. */
  private volatile Socket keeper = new Socket();

  /** A server that meets its first {@code faulty} connections with {@code fault}. */
  public RawJobServer(int faulty, Fault fault) throws IOException {
    this.faulty = faulty;
    this.fault = fault;
    this.listening = new ServerSocket();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    this.port = listening.getLocalPort();
    serve(listening);
  }

  private void serve(ServerSocket socket) {
    Thread.ofVirtual()
        .start(
            () -> {
              while (true) {
                Socket connection;
                try {
                  connection = socket.accept();
                } catch (IOException closed) {
                  return;
                }
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> meet(connection, number));
              }
            });
  }

  private void meet(Socket connection, int number) {
    try (connection) {
      if (number <= faulty) {
        fault.meet(connection, this);
        return;
      }
      while (readRequest(connection)) {
        write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}");
      }
    } catch (Exception gone) {
      // The proxy closed the connection, as it may.
    }
  }

  /** Reads one start; false at the end of the connection. */
  public boolean readRequest(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return false;
      }
      head.append((char) c);
    }
    Matcher length = LENGTH.matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    requests.add(head + new String(body, ISO_8859_1));
    starts.incrementAndGet();
    return true;
  }

  /** Writes bytes as they are. */
  public static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(ISO_8859_1));
    connection.getOutputStream().flush();
  }

  /**
   * From now on connections are refused: the system lets go of a port a little later, and nobody
   * else gets it.
   */
  public void refuse() throws IOException {
    listening.close();
    Eventually.that(() -> assertThat(isOpen()).isFalse());
    Eventually.that(
        () -> {
          Socket bound = new Socket();
          bound.setReuseAddress(true);
          bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          keeper = bound;
        });
  }

  private boolean isOpen() {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** From now on connections are taken again, on the same port. */
  public void listenAgain() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
    keeper.close();
    listening = socket;
    serve(socket);
  }

  public String url() {
    return "http://127.0.0.1:" + port + "/start";
  }

  public int port() {
    return port;
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** The next request that has come, head and body. */
  public String nextRequest() throws InterruptedException {
    return Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS), "no request");
  }

  public int starts() {
    return starts.get();
  }

  @Override
  public void close() throws IOException {
    keeper.close();
    listening.close();
  }
}
