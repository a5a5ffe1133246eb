/** The cheapest code that does what a breaker cannot do without. */
@NullMarked
package io.servicebreaker.benchmarks.floor;

import org.jspecify.annotations.NullMarked;
