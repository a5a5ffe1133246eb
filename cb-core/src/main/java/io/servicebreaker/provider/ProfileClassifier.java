package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges the calls of one service by its provider's profile. Safe for use by many threads.
 *
 * <p>What the provider says decides first, by status, code and exception; what it leaves open is told by the types of the
 * exceptions alone ({@link ErrorTypes}).
 */
public final class ProfileClassifier implements OutcomeClassifier {

    /** Nobody throttles for so long: the quota of a day is used up, as Azure says with a wait of 86,400 s. */
    private static final Duration LONGEST_THROTTLING = Duration.ofHours(1);

    private static final Duration FIRST_RATE_LIMIT_BACKOFF = Duration.ofSeconds(1);

    private final ProviderProfile profile;
    private final long timeoutNanos;
    private final CooldownSettings cooldowns;
    private final ExceptionRules exceptions;
    private final List<ErrorReader> readers;
    private final TimeSource time;
    private final CooldownReader cooldownReader;
    private final Backoff rateLimitBackoff;
    private final Backoff authenticationBackoff;

    /**
     * Creates a classifier.
     *
     * @param settings thresholds of the service
     * @param cooldowns how long the service is left alone where the provider does not say
     * @param exceptions what the configuration says about types of exceptions
     * @param readers who reads the exceptions of client libraries
     */
    public ProfileClassifier(
            ProviderProfile profile,
            BreakerSettings settings,
            CooldownSettings cooldowns,
            ExceptionRules exceptions,
            List<ErrorReader> readers,
            TimeSource time) {
        this.profile = profile;
        this.timeoutNanos = settings.timeoutThreshold().toNanos();
        this.cooldowns = cooldowns;
        this.exceptions = exceptions;
        this.readers = List.copyOf(readers);
        this.time = time;
        this.cooldownReader = new CooldownReader(profile.limits());
        this.rateLimitBackoff = new Backoff(
                FIRST_RATE_LIMIT_BACKOFF, cooldowns.rateLimitBackoffMultiplier(), settings.maxRecoveryTimeout());
        this.authenticationBackoff = new Backoff(
                settings.recoveryTimeout(), settings.recoveryBackoffMultiplier(), settings.maxRecoveryTimeout());
    }

    /** Times named by the provider that made no sense and were ignored. */
    public long ignoredTimes() {
        return cooldownReader.ignored();
    }

    @Override
    public Outcome answered(@Nullable CallReport report, long durationNanos) {
        if (report != null && report.status().orElse(0) >= 400) {
            return judged(new Evidence(null, report), report, Optional.empty());
        }
        Outcome outcome = durationNanos > timeoutNanos ? Outcome.failure(FailureCause.TIMEOUT) : Outcome.SUCCESS;
        return report == null ? outcome : outcome.with(null, report);
    }

    @Override
    public Outcome failed(Throwable error, @Nullable CallReport report) {
        CallReport known = report == null ? read(error) : report;
        return judged(new Evidence(error, known), known, exceptions.judge(error));
    }

    private Outcome judged(Evidence evidence, @Nullable CallReport report, Optional<Boolean> byConfiguration) {
        FailureRule rule = rule(evidence);
        FailureCause named = rule == null ? ErrorTypes.cause(evidence.error()) : rule.cause();
        Optional<Cooldown> asked =
                report == null ? Optional.empty() : cooldownReader.read(report, evidence, named, time.now());
        FailureCause cause = isQuotaOfADay(named, asked) ? FailureCause.QUOTA : named;
        // Whatever the configuration says about exceptions: the service did not cause these.
        Optional<Boolean> configured = saysNothing(cause) ? Optional.of(false) : byConfiguration;
        FailureEffect effect = effect(cause);
        boolean counts = configured.orElse(effect.counts());
        boolean holds = effect.holds() && configured.isEmpty();
        Outcome outcome = counts ? Outcome.failure(cause) : Outcome.ignored(cause);
        RejectionScope scope = rule == null || rule.scope() == null ? effect.scope() : rule.scope();
        Cooldown cooldown = holds ? held(cause, asked) : counts ? asked.orElse(null) : null;
        return outcome.of(scope).with(cooldown, report == null ? null : report.withoutMessage());
    }

    private static boolean saysNothing(FailureCause cause) {
        return cause == FailureCause.CANCELLED || cause == FailureCause.LOCAL_ERROR;
    }

    private static boolean isQuotaOfADay(FailureCause cause, Optional<Cooldown> asked) {
        return cause == FailureCause.RATE_LIMIT
                && asked.isPresent()
                && asked.get().duration().compareTo(LONGEST_THROTTLING) >= 0;
    }

    private FailureEffect effect(FailureCause cause) {
        FailureEffect effect = profile.effect(cause);
        return cause == FailureCause.AUTHENTICATION && !cooldowns.authenticationFailureEscalation()
                ? new FailureEffect(true, effect.scope(), false, effect.retryable(), false)
                : effect;
    }

    private Cooldown held(FailureCause cause, Optional<Cooldown> asked) {
        return switch (cause) {
            case QUOTA -> longer(asked, new Cooldown(cooldowns.quotaExceededCooldown(), "quota-exceeded-cooldown"));
            case AUTHENTICATION ->
                longer(
                        asked,
                        new Cooldown(authenticationBackoff.strike(time.nanos()), "authentication-failure-escalation"));
            default ->
                asked.orElseGet(
                        () -> new Cooldown(rateLimitBackoff.strike(time.nanos()), "rate-limit-backoff-multiplier"));
        };
    }

    private static Cooldown longer(Optional<Cooldown> asked, Cooldown own) {
        return asked.filter(other -> other.duration().compareTo(own.duration()) > 0)
                .orElse(own);
    }

    private @Nullable FailureRule rule(Evidence evidence) {
        for (FailureRule rule : profile.rules()) {
            if (rule.matches(evidence)) {
                return rule;
            }
        }
        return null;
    }

    private @Nullable CallReport read(Throwable error) {
        Throwable link = error;
        for (int depth = 0; link != null && depth < Evidence.DEEPEST_CHAIN; depth++) {
            for (ErrorReader reader : readers) {
                Optional<CallReport> report = reader.read(link);
                if (report.isPresent()) {
                    return report.get();
                }
            }
            link = link.getCause();
        }
        return null;
    }
}
