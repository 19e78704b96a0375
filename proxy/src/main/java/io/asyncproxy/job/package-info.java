/** The job and its life: pure, the JDK only. */
@NullMarked
package io.asyncproxy.job;

import org.jspecify.annotations.NullMarked;
