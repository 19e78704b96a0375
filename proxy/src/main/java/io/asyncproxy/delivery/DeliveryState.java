package io.asyncproxy.delivery;

import io.asyncproxy.store.Note;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What is kept of a delivery.
 *
 * @param url where it goes
 * @param attempts how many attempts have begun
 * @param told the state that the client was told last; empty before that
 * @param detail how the last attempt ended, for people
 * @param message what is delivered, where that outlives its job
 */
public record DeliveryState(
    String url, int attempts, Optional<String> told, String detail, Optional<Message> message) {

  /**
   * What is delivered.
   *
   * @param id the same whenever it is sent
   * @param body the result, byte for byte
   */
  public record Message(String id, byte[] body) {}

  private static final int MOST_KEPT = 65_536;

  static DeliveryState to(String url) {
    return new DeliveryState(url, 0, Optional.empty(), "", Optional.empty());
  }

  DeliveryState begun() {
    return new DeliveryState(url, attempts + 1, told, detail, message);
  }

  /** An attempt that had begun was none. */
  DeliveryState notBegun(String why) {
    return new DeliveryState(url, attempts - 1, told, why, message);
  }

  DeliveryState ended(String how) {
    return new DeliveryState(url, attempts, told, how, message);
  }

  DeliveryState toldOf(String state) {
    return new DeliveryState(url, 0, Optional.of(state), "", Optional.empty());
  }

  DeliveryState again() {
    return new DeliveryState(url, 0, told, detail, message);
  }

  /** One that is not too large is kept beyond its job. */
  DeliveryState keeping(Message kept) {
    Optional<Message> small = Optional.of(kept).filter(it -> it.body().length <= MOST_KEPT);
    return new DeliveryState(url, attempts, told, detail, small);
  }

  byte[] content() {
    JsonObject json =
        new JsonObject().put("url", url).put("attempts", attempts).put("detail", detail);
    told.ifPresent(state -> json.put("told", state));
    message.ifPresent(kept -> json.put("message", kept.id()));
    return message.map(kept -> Note.content(json, kept.body())).orElseGet(() -> Note.content(json));
  }

  /** Reads a note. */
  public static DeliveryState of(Note note) {
    JsonObject json = note.head();
    return new DeliveryState(
        json.getString("url"),
        json.getInteger("attempts", 0),
        Optional.ofNullable(json.getString("told")),
        json.getString("detail", ""),
        Optional.ofNullable(json.getString("message")).map(id -> new Message(id, note.body())));
  }
}
