package io.asyncproxy.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from, the first one that has a value wins.
 *
 * @param flags from the command line, by key
 * @param environment all environment variables
 * @param file the settings file, if there is one
 */
public record SettingsInput(
    Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {}
