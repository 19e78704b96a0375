/** Where traces hang on: what is told of the steps of a job, and what they carry on. */
@NullMarked
package io.asyncproxy.trace;

import org.jspecify.annotations.NullMarked;
