/** Starting jobs at the job server: fairly, with retries. */
@NullMarked
package io.asyncproxy.dispatch;

import org.jspecify.annotations.NullMarked;
