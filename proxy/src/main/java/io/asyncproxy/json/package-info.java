/** Reading the few members of a JSON object that matter, without building a tree. */
@NullMarked
package io.asyncproxy.json;

import org.jspecify.annotations.NullMarked;
