/** A way from outside to this machine: a reverse tunnel that the system's ssh keeps open. */
@NullMarked
package io.asyncproxy.tunnel;

import org.jspecify.annotations.NullMarked;
