@NullMarked
package io.servicebreaker.spring.redis;

import org.jspecify.annotations.NullMarked;
