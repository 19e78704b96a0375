/**
 * Results going out to the clients' own URLs: durable, signed, and never into a private network.
 */
@NullMarked
package io.asyncproxy.delivery;

import org.jspecify.annotations.NullMarked;
