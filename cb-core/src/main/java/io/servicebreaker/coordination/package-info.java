/** What is known of several services together. Level 3; read {@link io.servicebreaker.coordination.Decisions}. */
@NullMarked
package io.servicebreaker.coordination;

import org.jspecify.annotations.NullMarked;
