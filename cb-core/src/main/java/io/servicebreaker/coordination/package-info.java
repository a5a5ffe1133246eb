/**
 * Is the whole system well? One service's trouble handled with knowledge of the others. Level 3; read
 * {@link io.servicebreaker.coordination.SystemHealth}.
 */
@NullMarked
package io.servicebreaker.coordination;

import org.jspecify.annotations.NullMarked;
