/** Every setting: its key, default, and where its value came from. */
@NullMarked
package io.asyncproxy.settings;

import org.jspecify.annotations.NullMarked;
