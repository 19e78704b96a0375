/** Certificates and keys: reading, checking and renewing them. */
@NullMarked
package io.asyncproxy.tls;

import org.jspecify.annotations.NullMarked;
