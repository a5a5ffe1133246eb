/** Carries the current call to other threads. */
@NullMarked
package io.servicebreaker.spring.context;

import org.jspecify.annotations.NullMarked;
