/** Measures Async Proxy against a hand-written limit, and writes down what came out. */
@NullMarked
package io.asyncproxy.benchmarks;

import org.jspecify.annotations.NullMarked;
