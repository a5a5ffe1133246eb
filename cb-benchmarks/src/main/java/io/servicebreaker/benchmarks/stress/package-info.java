/** Races that jcstress provokes: a forbidden result fails the build. */
@NullMarked
package io.servicebreaker.benchmarks.stress;

import org.jspecify.annotations.NullMarked;
