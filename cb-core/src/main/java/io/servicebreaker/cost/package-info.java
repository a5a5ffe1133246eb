/** What a call costs and whether we may afford it. Level 2; read {@link io.servicebreaker.cost.CostGate}. */
@NullMarked
package io.servicebreaker.cost;

import org.jspecify.annotations.NullMarked;
