/** What is counted and timed: listens, and nobody but the wiring knows it. */
@NullMarked
package io.asyncproxy.telemetry;

import org.jspecify.annotations.NullMarked;
