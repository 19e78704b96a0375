/** The commands of {@code ./async-proxy}. */
@NullMarked
package io.asyncproxy.cli;

import org.jspecify.annotations.NullMarked;
