/** Reads from Redis what no call tells; read {@link io.servicebreaker.spring.redis.RedisPressure}. */
@NullMarked
package io.servicebreaker.spring.redis;

import org.jspecify.annotations.NullMarked;
