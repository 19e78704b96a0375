/** Jobs in this process's memory: for development and tests. */
@NullMarked
package io.asyncproxy.store.memory;

import org.jspecify.annotations.NullMarked;
