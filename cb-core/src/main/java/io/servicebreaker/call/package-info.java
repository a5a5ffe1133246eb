/**
 * One call, from asking to ending: the spine of the system. Level 1; read
 * {@link io.servicebreaker.call.CallOrchestrator}.
 */
@NullMarked
package io.servicebreaker.call;

import org.jspecify.annotations.NullMarked;
