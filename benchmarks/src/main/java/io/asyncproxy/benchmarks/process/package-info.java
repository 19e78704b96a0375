/** Processes that a run starts, what they use, and that all of them end with it. */
@NullMarked
package io.asyncproxy.benchmarks.process;

import org.jspecify.annotations.NullMarked;
