/** A job server to try things on, and a client with many jobs. Knows nothing of the proxy. */
@NullMarked
package io.asyncproxy.testbed;

import org.jspecify.annotations.NullMarked;
