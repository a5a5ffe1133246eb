/**
 * What operators see and do: the endpoint, health and meters. Read
 * {@link io.servicebreaker.spring.actuate.BreakerOperations}.
 */
@NullMarked
package io.servicebreaker.spring.actuate;

import org.jspecify.annotations.NullMarked;
