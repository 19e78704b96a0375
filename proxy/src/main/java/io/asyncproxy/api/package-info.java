/** The public HTTP API. */
@NullMarked
package io.asyncproxy.api;

import org.jspecify.annotations.NullMarked;
