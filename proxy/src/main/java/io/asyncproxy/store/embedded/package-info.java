/** Jobs in a directory: an SQLite database, durable before anybody is told. */
@NullMarked
package io.asyncproxy.store.embedded;

import org.jspecify.annotations.NullMarked;
