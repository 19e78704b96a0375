package io.asyncproxy.api;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that new jobs depend on, besides the store.
 *
 * @param name what operators call it
 * @param trouble why it does not work now; empty while it does. Never blocks
 */
public record ReadinessCheck(String name, Supplier<Optional<String>> trouble) {}
