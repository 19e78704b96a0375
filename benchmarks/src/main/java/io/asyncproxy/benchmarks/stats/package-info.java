/** Medians and straight lines. */
@NullMarked
package io.asyncproxy.benchmarks.stats;

import org.jspecify.annotations.NullMarked;
