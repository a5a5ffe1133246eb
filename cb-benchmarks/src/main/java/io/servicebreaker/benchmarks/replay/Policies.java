package io.servicebreaker.benchmarks.replay;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The policies that are compared, by name. */
final class Policies {

    /** No breaker, which is what the others are compared with. */
    static final Policy ALLOWING = each(losses -> true);

    private Policies() {}

    /** All of them, in the order of the table. */
    static Map<String, Policy> all(long seed) {
        Map<String, Policy> policies = new LinkedHashMap<>();
        policies.put("oracle", each(losses -> !losses.isBad()));
        policies.put("none", ALLOWING);
        policies.put("servicebreaker", new OwnPolicy(seed));
        policies.put("resilience4j", new Resilience4jPolicy(CircuitBreakerConfig::custom));
        Resilience4jSearch.BEST.forEach((goal, settings) ->
                policies.put("resilience4j-best-" + goal, new Resilience4jPolicy(settings::builder)));
        policies.put("envoy", new EnvoyPolicy());
        policies.put("litellm-fails", LiteLlmPolicy.allowedFails());
        policies.put("litellm-half", LiteLlmPolicy.half());
        policies.put("sre-throttling", new ClientThrottlingPolicy(seed));
        return policies;
    }

    /** One that decides by what the stretch of a call costs, and learns nothing. */
    private static Policy each(Predicate<Losses> allowed) {
        return (provider, services, clock) ->
                same(services, losses -> allowed.test(losses) ? Policy.Attempt.UNWATCHED : null);
    }

    private static Map<String, Policy.Gatekeeper> same(Collection<String> services, Policy.Gatekeeper guard) {
        return services.stream().collect(Collectors.toMap(Function.identity(), name -> guard));
    }
}
