/**
 * Keeps Spring Cloud LoadBalancer from instances that do not work. Read
 * {@link io.servicebreaker.spring.loadbalancer.BalancedService}.
 */
@NullMarked
package io.servicebreaker.spring.loadbalancer;

import org.jspecify.annotations.NullMarked;
