/**
 * Does this service work? The state machine and its concurrency. Level 2; read
 * {@link io.servicebreaker.breaker.StateMachine}, the rules, then {@link io.servicebreaker.breaker.Breaker}, which
 * makes them safe for many threads.
 */
@NullMarked
package io.servicebreaker.breaker;

import org.jspecify.annotations.NullMarked;
