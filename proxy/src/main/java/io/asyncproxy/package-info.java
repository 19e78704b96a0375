/** Async Proxy: call an asynchronous job server as if it were synchronous. */
@NullMarked
package io.asyncproxy;

import org.jspecify.annotations.NullMarked;
