/** Jobs in Redis, for several processes that are one service. */
@NullMarked
package io.asyncproxy.store.redis;

import org.jspecify.annotations.NullMarked;
