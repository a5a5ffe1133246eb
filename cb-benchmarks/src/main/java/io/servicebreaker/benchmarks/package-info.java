/** What a protected call costs, beside the cheapest correct code and beside other libraries. */
@NullMarked
package io.servicebreaker.benchmarks;

import org.jspecify.annotations.NullMarked;
