/** Held requests: waiting for a job's outcome. */
@NullMarked
package io.asyncproxy.hold;

import org.jspecify.annotations.NullMarked;
