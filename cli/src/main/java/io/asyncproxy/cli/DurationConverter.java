package io.asyncproxy.cli;

import io.asyncproxy.settings.SettingType;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, written as in the settings. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final SettingType<Duration> TYPE = SettingType.duration("0ms", "365d");

  @Override
  public Duration convert(String text) {
    return TYPE.parser()
        .apply(text)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is not " + TYPE.allowed()));
  }
}
