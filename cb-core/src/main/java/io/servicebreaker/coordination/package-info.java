/**
 * Is the whole system well? Level 3; read {@link io.servicebreaker.coordination.FailureCorrelation} for failures of several
 * services that come together.
 */
@NullMarked
package io.servicebreaker.coordination;

import org.jspecify.annotations.NullMarked;
