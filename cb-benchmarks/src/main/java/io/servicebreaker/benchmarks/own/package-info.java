/** Our breaker, set up as the starter does with the default settings. */
@NullMarked
package io.servicebreaker.benchmarks.own;

import org.jspecify.annotations.NullMarked;
