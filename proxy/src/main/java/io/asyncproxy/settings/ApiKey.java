package io.asyncproxy.settings;

import java.util.Optional;
import java.util.Set;

/**
 * A key of a client, as the file of {@code api-keys.file} has it.
 *
 * @param name what it is called in logs and in the store; unique in the file
 * @param sha256 the SHA-256 of the key, 64 hex digits in lower case
 * @param accounts the accounts that it may name; empty for any
 * @param rate how often it may ask
 */
public record ApiKey(String name, String sha256, Optional<Set<String>> accounts, Rate rate) {}
