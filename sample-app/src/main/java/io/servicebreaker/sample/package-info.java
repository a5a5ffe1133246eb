/** The sample: a small research assistant that asks several AI services. */
@NullMarked
package io.servicebreaker.sample;

import org.jspecify.annotations.NullMarked;
