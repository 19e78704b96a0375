/** What happened to a job, in order: from what is stored of it and what this process remembers. */
@NullMarked
package io.asyncproxy.timeline;

import org.jspecify.annotations.NullMarked;
