package io.asyncproxy.settings;

import java.util.Comparator;

/** Guesses which key was meant, by the least number of edits (Levenshtein, 1966). */
final class NearestKey {
  private static final int MOST_EDITS = 4;

  private NearestKey() {}

  static String hint(String key) {
    return Settings.all().stream()
        .map(Setting::key)
        .min(Comparator.comparingInt(known -> edits(key, known)))
        .filter(known -> edits(key, known) <= MOST_EDITS)
        .map(known -> "; did you mean " + known + "?")
        .orElse("; 'async-proxy config' lists all keys");
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
