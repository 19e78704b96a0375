/** The practical lower limit: the same protocol by hand on Netty, in memory, without guarantees. */
@NullMarked
package io.asyncproxy.benchmarks.limit;

import org.jspecify.annotations.NullMarked;
