/** A simulated job server: starts jobs, sends callbacks, makes faults at given rates. */
@NullMarked
package io.asyncproxy.benchmarks.simulator;

import org.jspecify.annotations.NullMarked;
