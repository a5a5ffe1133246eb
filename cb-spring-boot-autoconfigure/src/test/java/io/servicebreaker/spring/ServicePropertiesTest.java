package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.provider.StreamSettings;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ServicePropertiesTest {

    /** A value for each key that is not its default. */
    private static final Map<String, String> OTHER_VALUES = Map.ofEntries(
            Map.entry("provider", "lightrag"),
            Map.entry("endpoint-patterns", "https://weather.example/**"),
            Map.entry("failure-threshold", "17"),
            Map.entry("error-rate-threshold", "0.17"),
            Map.entry("slow-call-rate-threshold", "0.17"),
            Map.entry("slow-call-duration-threshold", "17s"),
            Map.entry("minimum-calls", "17"),
            Map.entry("window", "17s"),
            Map.entry("timeout-threshold", "17s"),
            Map.entry("recovery-timeout", "17s"),
            Map.entry("recovery-backoff-multiplier", "1.7"),
            Map.entry("max-recovery-timeout", "17m"),
            Map.entry("recovery-jitter", "0.17"),
            Map.entry("half-open-max-requests", "17"),
            Map.entry("probe-timeout", "47s"),
            Map.entry("recovery-ramp", "17s"),
            Map.entry("rate-limit-backoff-multiplier", "1.7"),
            Map.entry("quota-exceeded-cooldown", "17m"),
            Map.entry("authentication-failure-escalation", "false"),
            Map.entry("approaching-limit-floor", "17"),
            Map.entry("max-concurrent-calls", "17"),
            Map.entry("coordinate-with-cost-breaker", "false"),
            Map.entry("models.small.failure-threshold", "17"),
            Map.entry("ignore-exceptions", "java.io.IOException"),
            Map.entry("record-exceptions", "java.io.IOException"),
            Map.entry("stream.first-token-timeout", "17s"),
            Map.entry("stream.stall-timeout", "17s"),
            Map.entry("depends-on", "storm"),
            Map.entry("on-dependency-failure", "refuse"),
            Map.entry("criticality", "17"),
            Map.entry("cascade-to-fallback", "false"),
            Map.entry("adaptive-thresholds", "false"),
            Map.entry("fallback", "storm"),
            Map.entry("backends.eu.url", "https://eu.example.com"));

    static Iterable<String> keys() {
        return Keys.leaves(Service.class).stream()
                .map(key -> key.equals("models") ? "models.small.failure-threshold" : key)
                .map(key -> key.equals("backends") ? "backends.eu.url" : key)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void readsEveryKeyOfAService(String key) {
        assertThat(OTHER_VALUES).containsKey(key);

        assertThat(resolve("services.weather." + key, OTHER_VALUES.get(key))).isNotEqualTo(unconfigured());
    }

    /** All but those that differ from service to service. */
    static Iterable<String> keysOfTheDefaults() {
        Set<String> different = Set.of("endpoint-patterns", "depends-on", "fallback", "backends.eu.url");
        return StreamSupport.stream(keys().spliterator(), false)
                .filter(key -> !different.contains(key))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keysOfTheDefaults")
    void readsEveryKeyOfTheDefaults(String key) {
        assertThat(resolve("defaults." + key, OTHER_VALUES.get(key))).isNotEqualTo(unconfigured());
    }

    @Test
    void letsTheServicesOwnListReplaceTheDefaults() {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.ignore-exceptions", "java.io.IOException",
                "service-breaker.defaults.ignore-exceptions", "java.lang.IllegalStateException"));

        assertThat(service.exceptions().ignored()).singleElement().isEqualTo(IOException.class);
    }

    @Test
    void doesNotCompareADefaultWithWhatItsServicesDoNotHave() {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.provider", "cache",
                "service-breaker.services.weather.timeout-threshold", "5s",
                "service-breaker.defaults.max-recovery-timeout", "45s",
                "service-breaker.defaults.probe-timeout", "10s"));

        assertThat(service.settings().maxRecoveryTimeout()).hasSeconds(45);
    }

    @Test
    void takesTheTimesOfStreamsFromDifferentLayers() {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.provider", "chatty",
                "service-breaker.services.weather.stream.first-token-timeout", "5s",
                "service-breaker.defaults.stream.first-token-timeout", "6s",
                "service-breaker.profiles.chatty.settings.stream.stall-timeout", "7s"));

        assertThat(service.streams()).isEqualTo(new StreamSettings(Duration.ofSeconds(5), Duration.ofSeconds(7)));
    }

    @Test
    void waitsForStreamsWithoutEndUnlessToldOtherwise() {
        assertThat(unconfigured().streams().isLimited()).isFalse();
    }

    @Test
    void comparesADefaultOfStreamsOnlyWithTheTimeoutsOfServices() {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.timeout-threshold", "5m",
                "service-breaker.defaults.stream.first-token-timeout", "4m"));

        assertThat(service.streams().firstTokenTimeout()).hasMinutes(4);
    }

    @Test
    void letsStreamsWaitAsLongAsTheMostPatientModel() {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.models.thinking.timeout-threshold", "5m",
                "service-breaker.services.weather.stream.first-token-timeout", "5m"));

        assertThat(service.streams().firstTokenTimeout()).hasMinutes(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://eu.example.com",
                "http://localhost:8081",
                "http://app.localhost",
                "http://127.0.0.1",
                "http://10.1.2.3",
                "http://172.16.0.1",
                "http://192.168.0.1",
                "http://169.254.1.1",
                "http://[::1]",
                "http://[fd00::1]",
                "http://proxy:8080",
                "http://proxy.ai.svc.cluster.local"
            })
    void letsDeploymentsOfAPrivateNetworkBeUnencrypted(String url) {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.endpoint-patterns",
                "https://weather.example/**",
                "service-breaker.services.weather.backends.eu.url",
                url));

        assertThat(service.backends()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://weather.example/**", "https://weather.example/**,http://eu.example.com/**"})
    void letsDeploymentsBeUnencryptedWhereTheServiceIsOrTheyAreListed(String patterns) {
        ConfiguredService service = resolve(Map.of(
                "service-breaker.services.weather.endpoint-patterns",
                patterns,
                "service-breaker.services.weather.backends.eu.url",
                "http://eu.example.com"));

        assertThat(service.backends()).hasSize(1);
    }

    @Test
    void letsDeploymentsBeUnencryptedToWhichNoAddressIsReplaced() {
        ConfiguredService service = resolve("services.weather.backends.eu.url", "http://eu.example.com");

        assertThat(service.backends()).hasSize(1);
    }

    private static ConfiguredService unconfigured() {
        return resolve("defaults.failure-threshold", "5");
    }

    private static ConfiguredService resolve(String key, String value) {
        Map<String, String> properties = new HashMap<>();
        properties.put("service-breaker.services.weather.minimum-calls", "10");
        properties.put("service-breaker." + key, value);
        if (key.equals("defaults.minimum-calls")) {
            properties.remove("service-breaker.services.weather.minimum-calls");
            properties.put("service-breaker.services.weather.failure-threshold", "5");
        }
        return resolve(properties);
    }

    private static ConfiguredService resolve(Map<String, String> properties) {
        ServiceBreakerProperties bound = new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("service-breaker", ServiceBreakerProperties.class);
        return ServiceResolver.resolve(bound, ServicePropertiesTest.class.getClassLoader())
                .service("weather");
    }
}
