package io.servicebreaker.spring.actuate;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether another library has an endpoint with our usual id; Boot does not start with two. It holds only where all
 * other auto-configurations that may bring one come first.
 */
abstract class OnEndpointId extends SpringBootCondition implements ConfigurationCondition {

    private final boolean taken;

    private OnEndpointId(boolean taken) {
        this.taken = taken;
    }

    /** No other library has it. */
    static final class Free extends OnEndpointId {
        Free() {
            super(false);
        }
    }

    /** Another library has it. */
    static final class Taken extends OnEndpointId {
        Taken() {
            super(true);
        }
    }

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        boolean isTaken = beans != null && isTaken(beans);
        return new ConditionOutcome(
                isTaken == taken,
                ConditionMessage.forCondition("Endpoint id " + CircuitBreakersEndpoint.ID)
                        .because(isTaken ? "another library has it" : "it is free"));
    }

    private static boolean isTaken(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForAnnotation(Endpoint.class)) {
            Class<?> type = beans.getType(name, false);
            if (type != null && !BreakerOperations.class.isAssignableFrom(type) && hasOurId(type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOurId(Class<?> type) {
        return MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY)
                .get(Endpoint.class)
                .getValue("id", String.class)
                .filter(CircuitBreakersEndpoint.ID::equals)
                .isPresent();
    }
}
