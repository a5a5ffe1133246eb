package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettingsBuilder;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.provider.HealthSignal;
import io.servicebreaker.provider.LimitUnit;
import io.servicebreaker.spring.CostProperties.ModelPrice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be configured. A key that is not here fails start-up, except in an environment variable or system property:
 * Boot does not judge those, which other programs may have set.
 *
 * @param enabled Whether calls are guarded. Without it no bean of ServiceBreaker exists.
 * @param clock Clock that calls are timed with.
 * @param writableStackTraces Whether the exceptions of refused calls record where they happened.
 * @param defaults Settings of every service that does not set them itself.
 * @param services Services that are called, by name, with the same keys as 'service-breaker.defaults'.
 * @param profiles What is special about kinds of services, by name; one of a known name adds to ours.
 * @param system Settings over all services.
 * @param coordination What one service's trouble means to the others.
 * @param adaptive What is learned from what became of the calls.
 * @param cost What calls cost and what may be spent.
 * @param store Where it is kept what calls cost and what becomes of them.
 * @param ladder Fallbacks that follow each other.
 * @param httpClients Clients that are made with the builders of Spring Boot.
 * @param web Answers of this application over HTTP.
 * @param security Who may give commands, where Spring Security is present.
 * @param integration Other libraries that ServiceBreaker works with.
 */
@ConfigurationProperties(prefix = ServiceBreakerProperties.PREFIX, ignoreUnknownFields = false)
public record ServiceBreakerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("precise") Clock clock,
        @DefaultValue("false") boolean writableStackTraces,
        @DefaultValue Service defaults,
        @DefaultValue Map<String, Service> services,
        @DefaultValue Map<String, Profile> profiles,
        @DefaultValue Overall system,
        @NestedConfigurationProperty @DefaultValue CoordinationProperties coordination,
        @NestedConfigurationProperty @DefaultValue AdaptiveProperties adaptive,
        @NestedConfigurationProperty @DefaultValue CostProperties cost,
        @NestedConfigurationProperty @DefaultValue StoreProperties store,
        @NestedConfigurationProperty @DefaultValue LadderProperties ladder,
        @DefaultValue HttpClients httpClients,
        @DefaultValue Web web,
        @DefaultValue Security security,
        @NestedConfigurationProperty @DefaultValue IntegrationProperties integration) {

    static final String PREFIX = "service-breaker";

    /** Clock that calls are timed with. */
    public enum Clock {
        /** Asks the operating system each time. */
        PRECISE,
        /** Cheaper to read, a millisecond at a time. */
        COARSE
    }

    /**
     * Settings of a service. A key that is absent overrides nothing: the next weaker layer decides.
     *
     * @param provider Kind of service, which decides the defaults of the other keys: a known one if the service is
     *     named like it, else 'generic'.
     * @param endpointPatterns Addresses of the service, such as 'https://api.openai.com/**': calls of HTTP clients to them
     *     are guarded without an annotation.
     * @param failureThreshold Failures in a row that open the breaker, 1 to 65535.
     * @param errorRateThreshold Share of failed calls in the window that opens the breaker, above 0 and at most 1.
     * @param slowCallRateThreshold Share of slow calls in the window that opens the breaker, above 0 and at most 1.
     * @param slowCallDurationThreshold Time after which an answered call is slow, below the timeout-threshold.
     * @param minimumCalls Calls in the window below which no share is judged.
     * @param window Time for which results are remembered, 1s to 1h.
     * @param timeoutThreshold Time after which an answered call counts as timed out.
     * @param recoveryTimeout Time for which the breaker stays open before it lets the first probe through.
     * @param recoveryBackoffMultiplier Growth of the open time with each failed recovery, 1 to 100.
     * @param maxRecoveryTimeout Bound on the growing open time.
     * @param recoveryJitter Largest share of the open time that is cut off at random, 0 to 1, so that instances do not
     *     probe in step.
     * @param halfOpenMaxRequests Probes at a time, and probes that must succeed to close the breaker, 1 to 1000.
     * @param probeTimeout Time after which an unanswered probe no longer holds its place, at least the
     *     timeout-threshold, which it follows unless set.
     * @param recoveryRamp Time after closing over which the admitted share of calls grows to all, 0 for none.
     * @param rateLimitBackoffMultiplier Growth, from one second, of the time for which the service is left alone after a
     *     throttled call that does not say for how long, 1 to 100.
     * @param quotaExceededCooldown Time for which the service is left alone after its quota is used up, unless it asks
     *     for more.
     * @param authenticationFailureEscalation Whether a refused credential opens the breaker at once, and for longer each
     *     time. Otherwise it counts like any failure.
     * @param approachingLimitFloor Requests of the provider's rate limit that are kept in reserve for essential calls, at
     *     most a tenth of the limit, 0 or more.
     * @param maxConcurrentCalls Calls of the service under way at a time, 0 for no bound. From 10 on, the last tenth is
     *     for essential calls.
     * @param ignoreExceptions Exception classes, subclasses included, that never count against the service. Wins over
     *     record-exceptions.
     * @param recordExceptions Exception classes, subclasses included, that count against the service. If any are
     *     named, no other exception counts.
     * @param models Models that differ from the others of the service, by their id.
     * @param stream How long streamed answers are waited for.
     * @param coordinateWithCostBreaker Whether calls of the service are priced and kept within the budgets under
     *     'service-breaker.cost'.
     * @param dependsOn Services that it needs. While one is down, its calls should ask for less work.
     * @param onDependencyFailure What becomes of its calls while a service is down that it needs itself: 'degrade' them or
     *     'refuse' all but the essential ones.
     * @param criticality How much its trouble weighs against that of the others, above 0 and at most 100. Calls of a higher
     *     one are refused later when this application is short of resources.
     * @param cascadeToFallback Whether a fallback is asked when a call is refused or fails. Otherwise the caller gets the
     *     exception.
     * @param fallback Service that is asked instead by HTTP clients, at its address and with the same request.
     * @param backends Several deployments of the service by their ids, of which each call goes to one.
     * @param adaptiveThresholds Whether what is not set here is learned: thresholds that are not set are the latest time to
     *     open, and open times that are not set the latest time to probe.
     */
    public record Service(
            @Nullable String provider,
            @Nullable List<String> endpointPatterns,
            @Nullable Integer failureThreshold,
            @Nullable Double errorRateThreshold,
            @Nullable Double slowCallRateThreshold,
            @Nullable Duration slowCallDurationThreshold,
            @Nullable Integer minimumCalls,
            @Nullable Duration window,
            @Nullable Duration timeoutThreshold,
            @Nullable Duration recoveryTimeout,
            @Nullable Double recoveryBackoffMultiplier,
            @Nullable Duration maxRecoveryTimeout,
            @Nullable Double recoveryJitter,
            @Nullable Integer halfOpenMaxRequests,
            @Nullable Duration probeTimeout,
            @Nullable Duration recoveryRamp,
            @Nullable Double rateLimitBackoffMultiplier,
            @Nullable Duration quotaExceededCooldown,
            @Nullable Boolean authenticationFailureEscalation,
            @Nullable Integer approachingLimitFloor,
            @Nullable Integer maxConcurrentCalls,
            @Nullable List<String> ignoreExceptions,
            @Nullable List<String> recordExceptions,
            @Nullable Map<String, Model> models,
            @Nullable Stream stream,
            @Nullable Boolean coordinateWithCostBreaker,
            @Nullable List<String> dependsOn,
            CoordinatedService.@Nullable Dependence onDependencyFailure,
            @Nullable Double criticality,
            @Nullable Boolean cascadeToFallback,
            @Nullable String fallback,
            @Nullable Map<String, BackendProperties> backends,
            @Nullable Boolean adaptiveThresholds) {

        static final Service UNSET = new Service(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

        /**
         * How long streamed answers are waited for. Keep-alives are no content, and time in which the subscriber wants
         * nothing does not count.
         *
         * @param firstTokenTimeout Time without any content after which a stream is cancelled and counts as timed out,
         *     at most the timeout-threshold.
         * @param stallTimeout Time between two pieces of content after which a stream is cancelled and counts as timed
         *     out.
         */
        public record Stream(
                @Nullable Duration firstTokenTimeout,
                @Nullable Duration stallTimeout) {}

        BreakerSettingsBuilder applyTo(BreakerSettingsBuilder weaker) {
            return weaker.failureThreshold(failureThreshold)
                    .errorRateThreshold(errorRateThreshold)
                    .slowCallRateThreshold(slowCallRateThreshold)
                    .slowCallDuration(slowCallDurationThreshold)
                    .minimumCalls(minimumCalls)
                    .window(window)
                    .timeoutThreshold(timeoutThreshold)
                    .recoveryTimeout(recoveryTimeout)
                    .recoveryBackoffMultiplier(recoveryBackoffMultiplier)
                    .maxRecoveryTimeout(maxRecoveryTimeout)
                    .recoveryJitter(recoveryJitter)
                    .halfOpenMaxRequests(halfOpenMaxRequests)
                    .probeTimeout(probeTimeout)
                    .recoveryRamp(recoveryRamp);
        }

        @Nullable
        Duration firstTokenTimeout() {
            return stream == null ? null : stream.firstTokenTimeout;
        }

        @Nullable
        Duration stallTimeout() {
            return stream == null ? null : stream.stallTimeout;
        }
    }

    /**
     * What differs for one model. A key that is absent is as for the service, except that a model is judged by half the
     * failures in a row and half the calls.
     *
     * @param failureThreshold Failures in a row that close off the model, 1 to 65535.
     * @param errorRateThreshold Share of failed calls in the window that closes it off, above 0 and at most 1.
     * @param slowCallRateThreshold Share of slow calls in the window that closes it off, above 0 and at most 1.
     * @param slowCallDurationThreshold Time after which a call of the model is slow, for the service too.
     * @param minimumCalls Calls in the window below which no share is judged.
     * @param timeoutThreshold Time after which a call of the model counts as timed out, for the service too.
     * @param recoveryTimeout Time for which the model is closed off before it is probed.
     */
    public record Model(
            @Nullable Integer failureThreshold,
            @Nullable Double errorRateThreshold,
            @Nullable Double slowCallRateThreshold,
            @Nullable Duration slowCallDurationThreshold,
            @Nullable Integer minimumCalls,
            @Nullable Duration timeoutThreshold,
            @Nullable Duration recoveryTimeout) {

        void applyTo(BreakerSettingsBuilder weaker) {
            weaker.failureThreshold(failureThreshold)
                    .errorRateThreshold(errorRateThreshold)
                    .slowCallRateThreshold(slowCallRateThreshold)
                    .slowCallDuration(slowCallDurationThreshold)
                    .minimumCalls(minimumCalls)
                    .timeoutThreshold(timeoutThreshold)
                    .recoveryTimeout(recoveryTimeout);
        }
    }

    /**
     * What is special about a kind of service. What is absent is as in the profile that it is like.
     *
     * @param like Profile that this one adds to: the one that it replaces, else 'generic'.
     * @param settings Thresholds that suit services of this kind, with the same keys as 'service-breaker.defaults'.
     * @param rules Meaning of failures. The first that matches decides, and ours are asked last.
     * @param effects Consequences of failures, by their cause.
     * @param limits Headers in which the provider tells of its rate limits.
     * @param signals What else tells how well such a service does. One of a known name replaces ours.
     * @param emptyIs What an empty answer is: an answer, or a miss as of a cache.
     * @param whenRefused What a refused call of an annotated method without a fallback is: an error, or a miss as of a
     *     cache.
     * @param prices Prices of models by their ids, with the same keys as 'service-breaker.cost.prices'.
     * @param steps Suggestions how calls may ask for less, by the degradation level from which on they hold, 1 to 4, and
     *     by names that the application knows.
     */
    public record Profile(
            @Nullable String like,
            @DefaultValue Service settings,
            @DefaultValue List<Rule> rules,
            @DefaultValue Map<FailureCause, Effect> effects,
            @DefaultValue List<Limit> limits,
            @DefaultValue List<Signal> signals,
            @Nullable Empty emptyIs,
            @Nullable Refused whenRefused,
            @DefaultValue Map<String, ModelPrice> prices,
            @DefaultValue Map<String, Map<String, String>> steps) {

        /** What an empty answer is. */
        public enum Empty {
            /** As good as any other. */
            ANSWER,
            /** What was looked up is not there. */
            MISS
        }

        /** What a refused call is. */
        public enum Refused {
            /** The caller gets an exception. */
            ERROR,
            /** The caller gets an empty answer. */
            MISS
        }

        /**
         * A cause and the failures that have it: those that meet all criteria that are given. A message alone is not
         * enough.
         *
         * @param status HTTP statuses, such as '429', or classes of them, such as '5xx'.
         * @param code Codes or types of the provider's own.
         * @param exception Class names of exceptions, subclasses included.
         * @param message Regular expression that the message has to contain, whatever its case.
         * @param cause Why such a call failed.
         * @param scope What such a failure says something about, unless it is that of the cause.
         * @param signal Signal in which such failures are counted apart from the others.
         */
        public record Rule(
                @DefaultValue List<String> status,
                @DefaultValue List<String> code,
                @DefaultValue List<String> exception,
                @Nullable String message,
                @Nullable FailureCause cause,
                @Nullable RejectionScope scope,
                @Nullable String signal) {}

        /**
         * What a failure of a cause does. What is absent is as in the profile that this one is like.
         *
         * @param counts Whether it counts against the service.
         * @param scope What it says something about.
         * @param holds Whether the scope is not called for a while because of it, which what counts does not do.
         * @param retryable Whether the same call may succeed a moment later.
         * @param escalates Whether a person has to do something about it.
         */
        public record Effect(
                @Nullable Boolean counts,
                @Nullable RejectionScope scope,
                @Nullable Boolean holds,
                @Nullable Boolean retryable,
                @Nullable Boolean escalates) {}

        /**
         * Headers that tell of one rate limit.
         *
         * @param unit What is limited: requests, tokens, or input-tokens or output-tokens alone.
         * @param limit Name of the header that says how much there is when nothing is used, if the provider has one.
         * @param remaining Name of the header that says how much is left.
         * @param reset Name of the header that says when all of it is there again.
         */
        public record Limit(
                @Nullable LimitUnit unit,
                @Nullable String limit,
                @Nullable String remaining,
                @Nullable String reset) {}

        /**
         * Something besides errors and slowness that tells how well a service does: a share (at-least), a row of bad
         * observations (in-a-row), or a number that somebody reads now and then (at-most).
         *
         * @param name What it is called.
         * @param bad Calls that are bad: failures whose rule names the signal, every failure that counts, answers that
         *     are not good enough, or misses.
         * @param atLeast Smallest share of good observations that is well, above 0 and at most 1.
         * @param over Observations that are remembered, 1 to 1000.
         * @param minimum Observations below which the share says nothing.
         * @param inARow Longest row of bad observations that is well.
         * @param opens Whether a longer row opens the breaker.
         * @param atMost Highest number that is well.
         */
        public record Signal(
                @Nullable String name,
                HealthSignal.@Nullable Bad bad,
                @Nullable Double atLeast,
                @Nullable Integer over,
                @Nullable Integer minimum,
                @Nullable Integer inARow,
                @Nullable Boolean opens,
                @Nullable Double atMost) {}
    }

    /**
     * Settings over all services.
     *
     * @param maxConcurrentRecoveryAttempts Probes under way at a time over all services.
     * @param healthThreshold Mean health of the services, 0 to 1, below which an emergency is declared, if as many are
     *     down as the cascade-failure-threshold says.
     * @param cascadeFailureThreshold Services down together that are an incident, at least 2. Caches do not count.
     * @param emergencyModeEnabled Whether emergencies are declared without a command.
     * @param emergencyRecoveryTimeout Time after which such an emergency ends at the latest.
     * @param resourceExhaustionThreshold Share of this application's heap or processors in use, above 0 and at most 1,
     *     above which calls are refused, the least important first. With 1 none are.
     */
    public record Overall(
            @DefaultValue("5") int maxConcurrentRecoveryAttempts,
            @DefaultValue("0.3") double healthThreshold,
            @DefaultValue("3") int cascadeFailureThreshold,
            @DefaultValue("true") boolean emergencyModeEnabled,
            @DefaultValue("30m") Duration emergencyRecoveryTimeout,
            @DefaultValue("0.9") double resourceExhaustionThreshold) {}

    /**
     * Clients that are made with the builders of Spring Boot.
     *
     * @param enabled Whether requests of such clients are guarded by their addresses, for which 'RestClient' and
     *     'RestTemplate' keep the whole body of a request in memory.
     */
    public record HttpClients(@DefaultValue("true") boolean enabled) {}

    /**
     * Answers of this application over HTTP.
     *
     * @param problemDetails Whether a refused call that reaches a web controller becomes a problem document with
     *     status 503 or 429.
     */
    public record Web(@DefaultValue("true") boolean problemDetails) {}

    /**
     * Who may give commands, where Spring Security is present.
     *
     * @param operatorRole Role that commands to a breaker need.
     * @param emergencyRole Role that emergency commands need.
     */
    public record Security(
            @DefaultValue("BREAKER_OPERATOR") String operatorRole,
            @DefaultValue("BREAKER_EMERGENCY") String emergencyRole) {

        public Security {
            check("operator-role", operatorRole);
            check("emergency-role", emergencyRole);
        }

        private static void check(String key, String role) {
            if (role.isBlank()) {
                throw new InvalidPropertyException(
                        PREFIX + ".security." + key, role, "is no role", "Name one, or remove it for the usual one.");
            }
        }
    }
}
