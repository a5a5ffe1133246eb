package io.servicebreaker.spring;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one service's trouble means to the others.
 *
 * @param correlation How failures of several services are compared.
 */
public record CoordinationProperties(
        @NestedConfigurationProperty @DefaultValue CorrelationProperties correlation) {}
