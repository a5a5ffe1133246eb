package io.servicebreaker.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists the keys that could have been meant, the nearest one first. Ahead of Boot's own, which does not know them. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownKeyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(ServiceBreakerProperties.PREFIX);

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> unknown = cause.getUnboundProperties().stream()
                .filter(property -> OURS.isAncestorOf(property.getName()))
                .toList();
        if (unknown.isEmpty()) {
            return null;
        }
        StringBuilder description = new StringBuilder();
        StringBuilder action = new StringBuilder();
        for (ConfigurationProperty property : unknown) {
            KeyGroup group = KeyGroup.of(property.getName());
            description.append(describe(property, group)).append('\n');
            action.append(group.advice()).append('\n');
        }
        return new FailureAnalysis(
                description.toString().strip(), action.toString().strip(), cause);
    }

    private static String describe(ConfigurationProperty property, KeyGroup group) {
        String place = property.getOrigin() == null ? "" : " (from " + property.getOrigin() + ")";
        return property.getName() + " = " + property.getValue() + place + " " + group.problem() + ".";
    }
}
