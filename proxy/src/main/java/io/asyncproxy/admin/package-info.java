/** The admin HTTP API: jobs, dead letters, nodes and settings, for operators. */
@NullMarked
package io.asyncproxy.admin;

import org.jspecify.annotations.NullMarked;
