package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor shows of our properties. */
class MetadataTest {

    private static final Set<String> MAPS = Set.of(
            "service-breaker.services",
            "service-breaker.profiles",
            "service-breaker.defaults.models",
            "service-breaker.defaults.backends",
            "service-breaker.cost.prices",
            "service-breaker.cost.budgets.services");

    /**
     * Streams are waited for without end, any amount may be spent, the application has a database, nobody is asked instead: no
     * value says so.
     */
    private static final Set<String> UNLIMITED = Set.of(
            "service-breaker.defaults.stream.first-token-timeout",
            "service-breaker.defaults.stream.stall-timeout",
            "service-breaker.defaults.fallback",
            "service-breaker.cost.budgets.daily",
            "service-breaker.cost.budgets.monthly",
            "service-breaker.cost.rules",
            "service-breaker.cost.prices-as-of",
            "service-breaker.store.url",
            "service-breaker.store.username",
            "service-breaker.store.password",
            "service-breaker.store.spill-directory");

    private final JsonNode metadata = read();

    @Test
    void describesEveryKey() {
        assertThat(properties())
                .isNotEmpty()
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asString(""))
                        .as(name)
                        .hasSizeGreaterThan(10)
                        .endsWith(".")
                        .doesNotStartWith("The ")
                        .doesNotStartWith("A "));
    }

    @Test
    void givesADefaultOfEveryKeyThatHasOne() {
        assertThat(properties())
                .allSatisfy((name, property) -> assertThat(property.has("defaultValue"))
                        .as(name)
                        .isEqualTo(!MAPS.contains(name) && !UNLIMITED.contains(name)));
    }

    @Test
    void documentsEveryKeyOfAService() {
        assertThat(properties())
                .containsKeys(Keys.leaves(Service.class).stream()
                        .map(key -> "service-breaker.defaults." + key)
                        .toArray(String[]::new));
    }

    /** A key that is added needs a test of what reads it; those of a service have theirs in ServicePropertiesTest. */
    @Test
    void hasNoOtherKeysThanThoseThatAreTested() {
        assertThat(properties().keySet())
                .filteredOn(name -> !name.startsWith("service-breaker.defaults."))
                .containsExactlyInAnyOrder(
                        "service-breaker.enabled",
                        "service-breaker.clock",
                        "service-breaker.services",
                        "service-breaker.profiles",
                        "service-breaker.writable-stack-traces",
                        "service-breaker.system.max-concurrent-recovery-attempts",
                        "service-breaker.system.health-threshold",
                        "service-breaker.system.cascade-failure-threshold",
                        "service-breaker.system.emergency-mode-enabled",
                        "service-breaker.system.emergency-recovery-timeout",
                        "service-breaker.system.resource-exhaustion-threshold",
                        "service-breaker.coordination.failure-cascading",
                        "service-breaker.coordination.cascade-delay",
                        "service-breaker.coordination.max-cascade-depth",
                        "service-breaker.coordination.progressive-degradation",
                        "service-breaker.coordination.degradation-steps",
                        "service-breaker.coordination.coordination-timeout",
                        "service-breaker.coordination.sync-interval",
                        "service-breaker.adaptive.learning",
                        "service-breaker.adaptive.mode",
                        "service-breaker.adaptive.learning-window",
                        "service-breaker.adaptive.min-data-points",
                        "service-breaker.adaptive.max-adjustment",
                        "service-breaker.adaptive.adjustment-cooldown",
                        "service-breaker.adaptive.confidence-threshold",
                        "service-breaker.adaptive.real-time",
                        "service-breaker.adaptive.real-time-sensitivity",
                        "service-breaker.ladder.max-depth",
                        "service-breaker.ladder.decisions-kept",
                        "service-breaker.coordination.correlation.enabled",
                        "service-breaker.coordination.correlation.window",
                        "service-breaker.coordination.correlation.false-reports-per-hour",
                        "service-breaker.cost.currency",
                        "service-breaker.cost.zone",
                        "service-breaker.cost.budgets.daily",
                        "service-breaker.cost.budgets.monthly",
                        "service-breaker.cost.budgets.services",
                        "service-breaker.cost.rules",
                        "service-breaker.cost.prices",
                        "service-breaker.cost.prices-as-of",
                        "service-breaker.cost.on-failure",
                        "service-breaker.security.operator-role",
                        "service-breaker.security.emergency-role",
                        "service-breaker.store.type",
                        "service-breaker.store.url",
                        "service-breaker.store.username",
                        "service-breaker.store.password",
                        "service-breaker.store.spill-directory",
                        "service-breaker.http-clients.enabled",
                        "service-breaker.integration.load-balancer",
                        "service-breaker.web.problem-details");
    }

    @Test
    void givesTheDefaultsThatHold() {
        Map<String, String> documented = properties().entrySet().stream()
                .filter(entry -> entry.getValue().path("defaultValue").isValueNode())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().path("defaultValue").asString()));

        Service defaults = new Binder(new MapConfigurationPropertySource(documented))
                .bind("service-breaker.defaults", Service.class)
                .get();

        assertThat(defaults.applyTo(BreakerSettings.defaults().toBuilder()
                                .failureThreshold(99)
                                .minimumCalls(99))
                        .early(true, true)
                        .build())
                .isEqualTo(BreakerSettings.defaults());
        assertThat(defaults.maxConcurrentCalls()).isZero();
        assertThat(defaults.provider()).isEqualTo(ProviderProfiles.GENERIC);
    }

    @Test
    void hintsAtTheKnownValues() {
        assertThat(hints("service-breaker.defaults.provider"))
                .containsExactlyElementsOf(ProviderProfiles.bundled().ids());
        assertThat(hints("service-breaker.cost.on-failure")).containsExactly("allow", "block");
        assertThat(hints("service-breaker.defaults.on-dependency-failure")).containsExactly("degrade", "refuse");
        assertThat(hints("service-breaker.adaptive.mode")).containsExactly("off", "recommend", "auto");
        assertThat(hints("service-breaker.store.type")).containsExactly("memory", "jdbc");
        assertThat(hints("service-breaker.clock")).containsExactly("precise", "coarse");
        assertThat(hints("service-breaker.services.keys")).contains("openai", "perplexity", "lightrag", "cache");
    }

    private Map<String, JsonNode> properties() {
        return StreamSupport.stream(metadata.path("properties").spliterator(), false)
                .filter(property -> property.path("name").asString().startsWith("service-breaker."))
                .collect(Collectors.toMap(property -> property.path("name").asString(), property -> property));
    }

    private List<String> hints(String name) {
        return StreamSupport.stream(metadata.path("hints").spliterator(), false)
                .filter(hint -> hint.path("name").asString().equals(name))
                .flatMap(hint -> StreamSupport.stream(hint.path("values").spliterator(), false))
                .map(value -> value.path("value").asString())
                .toList();
    }

    private static JsonNode read() {
        try (InputStream file = ServiceBreakerProperties.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
