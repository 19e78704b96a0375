/** Where jobs are kept: the interface that every store keeps to. */
@NullMarked
package io.asyncproxy.store;

import org.jspecify.annotations.NullMarked;
