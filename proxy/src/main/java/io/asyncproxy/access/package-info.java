/** Who may call the public API: API keys. */
@NullMarked
package io.asyncproxy.access;

import org.jspecify.annotations.NullMarked;
