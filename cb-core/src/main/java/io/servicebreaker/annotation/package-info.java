/** The annotation that guards a method. Level 0; read {@link io.servicebreaker.annotation.ServiceBreaker}. */
@NullMarked
package io.servicebreaker.annotation;

import org.jspecify.annotations.NullMarked;
