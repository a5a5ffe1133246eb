/**
 * The annotation at work: what is found at start-up, and the advice around each call. Read
 * {@link io.servicebreaker.spring.aop.GuardedMethod}.
 */
@NullMarked
package io.servicebreaker.spring.aop;

import org.jspecify.annotations.NullMarked;
