package io.asyncproxy.cli;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A job as the job server knows it: by its callback URL. Thread-safe. */
final class RecordedJob {
  private final String callback;
  private final String id = randomId();
  private final String result;
  private final AtomicInteger starts = new AtomicInteger();
  private final Queue<String> receipts = new ConcurrentLinkedQueue<>();

  /** A job whose result holds {@code marker}, so that it is seen whose it is. */
  RecordedJob(String callback, String marker) {
    this.callback = callback;
    this.result =
        new JsonObject().put("id", id).put("state", "completed").put("marker", marker).encode();
  }

  private static String randomId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  String id() {
    return id;
  }

  String result() {
    return result;
  }

  String callbackPath() {
    return URI.create(callback).getPath();
  }

  /** The proxy's own name of it: bytes 1 to 16 of the token. */
  String proxyId() {
    String token = callback.substring(callback.lastIndexOf('/') + 1);
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token)).position(1);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  void started() {
    starts.incrementAndGet();
  }

  int starts() {
    return starts.get();
  }

  void answered(Answer answer) {
    receipts.add(answer.status() + " " + answer.body());
  }

  /** What the callbacks were answered with. */
  List<String> receipts() {
    return List.copyOf(receipts);
  }
}
