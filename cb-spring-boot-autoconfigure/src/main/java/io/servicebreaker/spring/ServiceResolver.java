package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSettingsBuilder;
import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.coordination.CoordinatedService.Dependence;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.LimitSettings;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.provider.StreamSettings;
import io.servicebreaker.spring.ServiceBreakerProperties.Profile;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Puts the layers of the configuration together: the service, the defaults, the provider's profile. What cannot be used
 * fails with the name of the property that holds it.
 */
final class ServiceResolver {

    /** Contradicts nothing: what a default is to be compared with, only a service can know. */
    private static final BreakerSettings NEUTRAL = BreakerSettings.defaults().toBuilder()
            .timeoutThreshold(Duration.ofNanos(1))
            .recoveryTimeout(Duration.ofNanos(1))
            .maxRecoveryTimeout(Duration.ofDays(365))
            .build();

    /** Contradicts no stream, for the same reason. */
    private static final BreakerSettings PATIENT =
            NEUTRAL.toBuilder().timeoutThreshold(StreamSettings.LONGEST).build();

    private static final double CRITICALITY_OF_A_CACHE = 0.25;

    private final Service defaults;
    private final Map<String, Profile> configuredProfiles;
    private final ProviderProfiles profiles;
    private final ExceptionTypes types;
    private final PriceResolver prices;

    ServiceResolver(
            Service defaults,
            Map<String, Profile> configuredProfiles,
            ProviderProfiles profiles,
            PriceResolver prices,
            ClassLoader classLoader) {
        this.defaults = defaults;
        this.configuredProfiles = configuredProfiles;
        this.profiles = profiles;
        this.prices = prices;
        this.types = new ExceptionTypes(classLoader);
    }

    static ConfiguredServices resolve(ServiceBreakerProperties properties, ClassLoader classLoader) {
        ProviderProfiles profiles = ProfileResolver.resolve(properties.profiles());
        PriceResolver prices = new PriceResolver(properties.cost(), properties.profiles());
        properties.profiles().forEach((id, profile) -> StepResolver.checkModels(profiles.of(id), profile, prices));
        ServiceResolver resolver =
                new ServiceResolver(properties.defaults(), properties.profiles(), profiles, prices, classLoader);
        resolver.judge(new Layers(Layers.DEFAULTS, Service.UNSET, properties.defaults(), Service.UNSET));
        return new ConfiguredServices(properties.services().entrySet().stream()
                .map(entry -> resolver.resolve(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** Also where every service overrides it, a wrong default is a mistake. */
    private void judge(Layers layers) {
        provider(layers, "");
        BreakerSettings settings = settings(layers, NEUTRAL);
        streams(layers, layers.isSet("timeout-threshold") ? settings : PATIENT);
        models(layers, settings);
        cooldowns(layers);
        limits(layers, LimitSettings.DEFAULTS);
        maxConcurrentCalls(layers);
        exceptions(layers);
        coordination("", layers, false);
        mustNotBeSet(layers, "endpoint-patterns", "would say that all services have the same addresses");
        mustNotBeSet(layers, "backends", "would say that all services have the same deployments");
        mustNotBeSet(layers, "depends-on", "would say that each service depends on itself");
        mustNotBeSet(layers, "fallback", "would say that a service is asked instead of itself");
    }

    private static void mustNotBeSet(Layers layers, String key, String problem) {
        if (layers.isSet(key)) {
            throw new InvalidPropertyException(
                    layers.property(key),
                    String.valueOf(
                            Keys.valueOf(layers.own(), key) == null
                                    ? Keys.valueOf(layers.defaults(), key)
                                    : Keys.valueOf(layers.own(), key)),
                    problem,
                    "Set it for each service.");
        }
    }

    private ConfiguredService resolve(String name, Service own) {
        ServiceNames.check(name);
        String path = Layers.SERVICES + name + ".";
        ProviderProfile provider = provider(new Layers(path, own, defaults, Service.UNSET), name);
        Profile profile = configuredProfiles.get(provider.id());
        Layers layers = new Layers(path, own, defaults, profile == null ? Service.UNSET : profile.settings());
        BreakerSettings settings = settings(layers, provider.settings());
        Map<String, BreakerSettings> models = models(layers, settings);
        List<EndpointPattern> endpoints = endpoints(layers);
        return new ConfiguredService(
                name,
                provider,
                endpoints,
                settings,
                models,
                cooldowns(layers),
                limits(layers, provider.limitSettings()),
                maxConcurrentCalls(layers),
                exceptions(layers),
                streams(layers, mostPatient(settings, models.values())),
                prices.pricing(provider, layers.strongest(Service::coordinateWithCostBreaker, true)),
                coordination(name, layers, provider.misses().whenRefused()),
                BackendResolver.resolve(path, own.backends(), endpoints),
                new FallbackSettings(
                        layers.strongest(Service::cascadeToFallback, true), layers.strongest(Service::fallback)),
                isAdaptive(layers));
    }

    private static boolean isAdaptive(Layers layers) {
        return layers.strongest(Service::adaptiveThresholds, true);
    }

    /** Without a cache answers are slower or dearer, but there are answers. */
    private static CoordinatedService coordination(String name, Layers layers, boolean isCache) {
        try {
            return new CoordinatedService(
                    name,
                    layers.strongest(Service::criticality, isCache ? CRITICALITY_OF_A_CACHE : 1.0),
                    isCache,
                    layers.strongest(Service::dependsOn, List.<String>of()),
                    layers.strongest(Service::onDependencyFailure, Dependence.DEGRADE));
        } catch (InvalidSettingException e) {
            throw outOfRange(layers, e);
        }
    }

    private ProviderProfile provider(Layers layers, String name) {
        String id = layers.strongest(Service::provider);
        if (id == null) {
            return profiles.of(name);
        }
        return profiles.find(id)
                .orElseThrow(() -> new InvalidPropertyException(
                        layers.property("provider"),
                        id,
                        "is not a known provider",
                        "Use one of " + String.join(", ", profiles.ids())
                                + ", add it under service-breaker.profiles, or leave it out for a provider by the"
                                + " service's name."));
    }

    private static List<EndpointPattern> endpoints(Layers layers) {
        List<String> texts = layers.strongest(Service::endpointPatterns, List.<String>of());
        return texts.stream()
                .map(text -> EndpointPattern.parse(text)
                        .orElseThrow(() -> new InvalidPropertyException(
                                layers.property("endpoint-patterns"),
                                text,
                                "is not a pattern of addresses",
                                "Use something like https://api.openai.com/** or http://*.internal:*/v1/**.")))
                .toList();
    }

    private static CooldownSettings cooldowns(Layers layers) {
        CooldownSettings otherwise = CooldownSettings.DEFAULTS;
        try {
            return new CooldownSettings(
                    layers.strongest(Service::quotaExceededCooldown, otherwise.quotaExceededCooldown()),
                    layers.strongest(Service::rateLimitBackoffMultiplier),
                    layers.strongest(
                            Service::authenticationFailureEscalation, otherwise.authenticationFailureEscalation()));
        } catch (InvalidSettingException e) {
            throw outOfRange(layers, e);
        }
    }

    /** Who knows which model a stream will ask? */
    private static BreakerSettings mostPatient(BreakerSettings service, Collection<BreakerSettings> models) {
        return Stream.concat(Stream.of(service), models.stream())
                .max(Comparator.comparing(BreakerSettings::timeoutThreshold))
                .orElse(service);
    }

    private static StreamSettings streams(Layers layers, BreakerSettings settings) {
        try {
            StreamSettings streams = new StreamSettings(
                    layers.strongest(Service::firstTokenTimeout), layers.strongest(Service::stallTimeout));
            Contradictions.check(streams, settings);
            return streams;
        } catch (InvalidSettingException e) {
            throw outOfRange(layers, e);
        }
    }

    private static BreakerSettings settings(Layers layers, BreakerSettings weakest) {
        boolean adaptive = isAdaptive(layers);
        try {
            BreakerSettings settings = layers.own()
                    .applyTo(layers.defaults().applyTo(weakest.toBuilder().early(adaptive, adaptive)))
                    .build();
            Contradictions.check(settings, layers);
            return settings;
        } catch (InvalidSettingException e) {
            throw outOfRange(layers, e);
        }
    }

    /** What is said of a model is meant as it is written; in all else it has half its service's patience. */
    private static Map<String, BreakerSettings> models(Layers layers, BreakerSettings service) {
        Map<String, BreakerSettings> models = new LinkedHashMap<>();
        for (String id : layers.models()) {
            String path = layers.pathOfModel(id);
            BreakerSettingsBuilder builder = service.narrowed().toBuilder();
            layers.ofModel(id).forEach(model -> model.applyTo(builder));
            models.put(id, settings(path, builder));
        }
        return models;
    }

    private static BreakerSettings settings(String path, BreakerSettingsBuilder builder) {
        try {
            return builder.build();
        } catch (InvalidSettingException e) {
            throw new InvalidPropertyException(
                    path + e.setting(),
                    e.value(),
                    "is out of range: allowed is " + e.range(),
                    "Set it to a value in this range.");
        }
    }

    private static InvalidPropertyException outOfRange(Layers layers, InvalidSettingException e) {
        return new InvalidPropertyException(
                layers.property(e.setting()),
                e.value(),
                "is out of range: allowed is " + e.range() + layers.forWhom(e.setting()),
                "Set it to a value in this range" + (layers.isSet(e.setting()) ? "." : " (it has its default now)."));
    }

    private static LimitSettings limits(Layers layers, LimitSettings otherwise) {
        try {
            return new LimitSettings(
                    layers.strongest(Service::approachingLimitFloor, otherwise.approachingLimitFloor()));
        } catch (InvalidSettingException e) {
            throw outOfRange(layers, e);
        }
    }

    private static int maxConcurrentCalls(Layers layers) {
        Integer calls = layers.strongest(Service::maxConcurrentCalls);
        if (calls != null && calls < 0) {
            throw new InvalidPropertyException(
                    layers.property("max-concurrent-calls"),
                    calls.toString(),
                    "is out of range: allowed is at least 0",
                    "Set it to a value in this range; 0 is no bound.");
        }
        return calls == null ? 0 : calls;
    }

    private ExceptionRules exceptions(Layers layers) {
        return new ExceptionRules(
                exceptions(layers, "ignore-exceptions", Service::ignoreExceptions),
                exceptions(layers, "record-exceptions", Service::recordExceptions));
    }

    private List<Class<? extends Throwable>> exceptions(Layers layers, String key, Layers.Key<List<String>> names) {
        List<String> strongest = layers.strongest(names);
        return strongest == null ? List.of() : types.load(layers.property(key), strongest);
    }
}
