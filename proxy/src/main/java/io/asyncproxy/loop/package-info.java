/** What each event loop has of its own. */
@NullMarked
package io.asyncproxy.loop;

import org.jspecify.annotations.NullMarked;
