/** Telling without knowing who listens. Level 0; read {@link io.servicebreaker.event.Events}. */
@NullMarked
package io.servicebreaker.event;

import org.jspecify.annotations.NullMarked;
