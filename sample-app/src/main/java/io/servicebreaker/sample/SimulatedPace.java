package io.servicebreaker.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Counts calls to simulated services as slow much sooner than a provider's own numbers say (LightRAG's: 30 s), so that
 * a demonstration of the fault {@code slow} takes seconds. Weaker than any other configuration.
 */
final class SimulatedPace implements EnvironmentPostProcessor {

    /** Far above the usual second, below the six seconds of the fault. */
    private static final String SLOW_AFTER = "4s";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Binder.get(environment)
                .bind("assistant", AssistantProperties.class)
                .ifBound(assistant -> environment.getPropertySources().addLast(pace(assistant)));
    }

    private static MapPropertySource pace(AssistantProperties assistant) {
        Map<String, Object> settings = new LinkedHashMap<>();
        assistant.remotes().forEach((service, remote) -> {
            if (!remote.isReal()) {
                settings.put("service-breaker.services." + service + ".slow-call-duration-threshold", SLOW_AFTER);
            }
        });
        return new MapPropertySource("simulatedPace", settings);
    }
}
