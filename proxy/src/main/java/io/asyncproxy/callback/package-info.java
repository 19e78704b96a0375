/** Results coming in: token, validation, finish. */
@NullMarked
package io.asyncproxy.callback;

import org.jspecify.annotations.NullMarked;
