/** Jobs that were given up: repeating them. */
@NullMarked
package io.asyncproxy.deadletter;

import org.jspecify.annotations.NullMarked;
