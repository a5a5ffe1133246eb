/** Where time comes from: the only package that reads a clock. Level 0; read {@link io.servicebreaker.time.TimeSource}. */
@NullMarked
package io.servicebreaker.time;

import org.jspecify.annotations.NullMarked;
