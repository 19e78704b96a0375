/** Reading nested YAML with every mistake told by file, line and key. */
@NullMarked
package io.asyncproxy.yaml;

import org.jspecify.annotations.NullMarked;
