/** HTTP/1.1 and HTTP/2 clients and framing that leave the processor to the program under test. */
@NullMarked
package io.asyncproxy.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
