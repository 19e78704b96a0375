/** Values of header fields that peers send us: pure. */
@NullMarked
package io.asyncproxy.headers;

import org.jspecify.annotations.NullMarked;
