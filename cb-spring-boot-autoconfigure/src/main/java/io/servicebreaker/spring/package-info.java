/**
 * ServiceBreaker in a Spring Boot application: configuration, wiring and the annotation's advice. Read
 * {@link io.servicebreaker.spring.ServiceBreakerAutoConfiguration}.
 */
@NullMarked
package io.servicebreaker.spring;

import org.jspecify.annotations.NullMarked;
