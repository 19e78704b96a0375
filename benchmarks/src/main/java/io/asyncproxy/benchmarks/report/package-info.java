/** Results as JSON, tables and charts: pure but for the files. */
@NullMarked
package io.asyncproxy.benchmarks.report;

import org.jspecify.annotations.NullMarked;
