/** The application whose start is timed; it is packed alone, so that it starts with no library but its own. */
@NullMarked
package io.servicebreaker.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
