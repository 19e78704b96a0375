/** The load generator: closed loop or open loop, with latency from the intended start. */
@NullMarked
package io.asyncproxy.benchmarks.load;

import org.jspecify.annotations.NullMarked;
