package io.asyncproxy.testbed;

import java.net.URI;
import java.time.Duration;

/**
 * What the client does.
 *
 * @param url where jobs are posted
 * @param account whose jobs they are
 * @param jobs how many
 * @param concurrency how many at once
 * @param deadline how long all of them may take together
 */
public record JobClientOptions(
    URI url, String account, int jobs, int concurrency, Duration deadline) {}
