package io.asyncproxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncproxy.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listener that is full of idle connections still takes new ones, as callbacks need. */
class ConnectionsTest {
  private static final int MOST = 4;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Vertx vertx = Vertx.vertx();
  private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private int listen() throws Exception {
    int[] port = {0};
    vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                HttpLimits limits = new HttpLimits(1_000, LONG, LONG, MOST, Integer.MAX_VALUE);
                Connections connections = new Connections(limits, EventLoop.of(context));
                return vertx
                    .createHttpServer()
                    .connectionHandler(connections::opened)
                    .requestHandler(
                        request -> {
                          connections.begin(request);
                          if ("/hold".equals(request.path())) {
                            held.add(request);
                          } else {
                            request.response().end("ok");
                          }
                        })
                    .listen(0, "127.0.0.1")
                    .map(HttpServer::actualPort)
                    .onSuccess(actual -> port[0] = actual);
              }
            })
        .await(20, TimeUnit.SECONDS);
    return port[0];
  }

  private static Socket ask(int port, String path) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    String request = "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  @Test
  void newConnectionTakesThePlaceOfAnIdleOneAndNeverOfOneThatIsHeld() throws Exception {
    int port = listen();
    Socket holding = ask(port, "/hold");
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < 3 * MOST; i++) {
      Socket socket = ask(port, "/");
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      idle.add(socket);
    }
    int open = 0;
    for (Socket socket : idle) {
      open += endsSoon(socket) ? 0 : 1;
    }
    assertThat(open).isBetween(1, MOST);
    held.element().response().end("result");
    assertThat(holding.getInputStream().read()).isEqualTo('H');
  }

  private static boolean endsSoon(Socket socket) throws Exception {
    socket.setSoTimeout(200);
    try {
      while (socket.getInputStream().read() >= 0) {
        // The rest of the answer.
      }
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    }
  }
}
