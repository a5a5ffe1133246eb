/** Guards the caches of Spring's cache abstraction; read {@link io.servicebreaker.spring.cache.GuardedCache}. */
@NullMarked
package io.servicebreaker.spring.cache;

import org.jspecify.annotations.NullMarked;
