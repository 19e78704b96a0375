/** The one sweeper: retry, recover, expire, purge. */
@NullMarked
package io.asyncproxy.sweep;

import org.jspecify.annotations.NullMarked;
