/** What is measured, each experiment in a class of its own. */
@NullMarked
package io.asyncproxy.benchmarks.experiment;

import org.jspecify.annotations.NullMarked;
