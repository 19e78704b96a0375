/** How any asynchronous API is spoken: what a route says, as pure rules. */
@NullMarked
package io.asyncproxy.route;

import org.jspecify.annotations.NullMarked;
