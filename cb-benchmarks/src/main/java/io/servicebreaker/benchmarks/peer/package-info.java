/** The other libraries, each set up as its own documentation shows. */
@NullMarked
package io.servicebreaker.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
