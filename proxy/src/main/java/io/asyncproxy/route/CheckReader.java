package io.asyncproxy.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncproxy.settings.SettingType;
import io.asyncproxy.signature.WebhookKey;
import io.asyncproxy.yaml.YamlMap;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code callback.auth}. */
record CheckReader(YamlMap map, Function<String, Optional<String>> variables) {
  CallbackCheck read() {
    String type =
        RouteReader.value(
            map,
            "type",
            SettingType.oneOf("none", "standard-webhooks", "hmac", "bearer", "basic", "header"),
            "none");
    CallbackCheck check =
        switch (type) {
          case "standard-webhooks" -> standardWebhooks();
          case "hmac" -> hmac();
          case "bearer" ->
              header("Authorization", secrets("token").stream().map(t -> "Bearer " + t).toList());
          case "basic" -> header("Authorization", List.of(basic()));
          case "header" ->
              header(map.text("header").orElseGet(() -> needed("header")), secrets("value"));
          default -> new CallbackCheck.None();
        };
    map.rejectOthers();
    return check;
  }

  private static CallbackCheck header(String name, List<String> values) {
    return new CallbackCheck.SecretHeader(name, values);
  }

  private String basic() {
    String user = map.text("user").orElseGet(() -> needed("user"));
    String password = secrets("password").stream().findFirst().orElse("");
    String both = user + ':' + password;
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  private List<String> secrets(String key) {
    return RouteReader.secrets(map, key, variables);
  }

  private String needed(String key) {
    map.mistake(key, "is needed");
    return "";
  }

  private CallbackCheck standardWebhooks() {
    try {
      return new CallbackCheck.StandardWebhooks(
          secrets("secret").stream().map(WebhookKey::parse).toList());
    } catch (IllegalArgumentException broken) {
      map.mistake("secret", "must be whsec_ and the base64 of 24 to 64 bytes, or whpk_ and a key");
      return new CallbackCheck.None();
    }
  }

  private CallbackCheck hmac() {
    String algorithm =
        RouteReader.value(
            map, "algorithm", SettingType.oneOf("sha1", "sha256", "sha512"), "sha256");
    String encoding = RouteReader.value(map, "encoding", SettingType.oneOf("hex", "base64"), "hex");
    String header = map.text("header").orElseGet(() -> needed("header"));
    Optional<CallbackCheck.Hmac.Timestamp> timestamp =
        map.text("timestamp").map(text -> timestamp(text, header));
    String signed =
        map.text("signed").orElse(timestamp.isPresent() ? "{timestamp}.{body}" : "{body}");
    if (!signed.contains("{body}")) {
      map.mistake("signed", "must have {body}");
    }
    return new CallbackCheck.Hmac(
        header,
        map.text("element").orElse(""),
        map.text("prefix").orElse(""),
        "HmacSHA" + algorithm.substring(3),
        encoding.equals("hex"),
        timestamp,
        signed.contains("{body}") ? signed : "{body}",
        secrets("secret").stream().map(secret -> secret.getBytes(UTF_8)).toList());
  }

  private CallbackCheck.Hmac.Timestamp timestamp(String text, String header) {
    if (text.startsWith("element:")) {
      return new CallbackCheck.Hmac.Timestamp(header, text.substring(8));
    }
    if (text.startsWith("header:")) {
      return new CallbackCheck.Hmac.Timestamp(text.substring(7), "");
    }
    map.mistake("timestamp", "must be header:Name, or element:name of the signature's header");
    return new CallbackCheck.Hmac.Timestamp(header, "");
  }
}
