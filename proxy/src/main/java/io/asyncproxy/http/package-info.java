/** What every HTTP answer and request has in common. */
@NullMarked
package io.asyncproxy.http;

import org.jspecify.annotations.NullMarked;
