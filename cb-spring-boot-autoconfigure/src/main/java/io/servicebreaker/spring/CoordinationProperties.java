package io.servicebreaker.spring;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one service's trouble means to the others.
 *
 * @param failureCascading Whether a service that is down degrades those that depend on it.
 * @param cascadeDelay Time for which a service has to be down before it does.
 * @param maxCascadeDepth Services one above the other that depend on each other, 1 to 20. A longer chain is refused.
 * @param progressiveDegradation Whether calls are told to ask for less work while other services are in trouble.
 * @param degradationSteps Degradation from which each of the four levels holds, rising numbers above 0 and at most 1.
 * @param coordinationTimeout Age from which what was seen of the whole is no longer trusted, above sync-interval.
 * @param syncInterval Time between two looks at the whole, besides those at each change of a breaker. Services that
 *     open within it are one incident.
 * @param correlation How failures of several services are compared.
 */
public record CoordinationProperties(
        @DefaultValue("true") boolean failureCascading,
        @DefaultValue("100ms") Duration cascadeDelay,
        @DefaultValue("3") int maxCascadeDepth,
        @DefaultValue("true") boolean progressiveDegradation,
        @DefaultValue({"0.3", "0.5", "0.7", "0.9"}) List<Double> degradationSteps,
        @DefaultValue("5s") Duration coordinationTimeout,
        @DefaultValue("1s") Duration syncInterval,
        @NestedConfigurationProperty @DefaultValue CorrelationProperties correlation) {

    static final String PREFIX = ServiceBreakerProperties.PREFIX + ".coordination.";
}
