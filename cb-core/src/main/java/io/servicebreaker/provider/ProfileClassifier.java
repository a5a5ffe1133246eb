package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.provider.HealthSignals.TooLong;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger(ProfileClassifier.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final ProviderProfile profile;
    private final long timeoutNanos;
    private final CooldownSettings cooldowns;
    private final ExceptionRules exceptions;
    private final List<ErrorReader> readers;
    private final TimeSource time;
    private final CooldownReader cooldownReader;
    private final AtomicLong quietUntil;
    private final Backoffs rateLimitBackoffs;
    private final Backoffs authenticationBackoffs;
    private final HealthSignals signals;

    /** Creates a classifier whose health signals nobody else sees. */
    public ProfileClassifier(
            ProviderProfile profile,
            BreakerSettings settings,
            CooldownSettings cooldowns,
            ExceptionRules exceptions,
            List<ErrorReader> readers,
            TimeSource time) {
        this(
                profile,
                settings,
                cooldowns,
                exceptions,
                readers,
                time,
                new HealthSignals(profile.signals(), settings, time));
    }

    /**
     * Creates a classifier.
     *
     * @param settings thresholds of the service
     * @param cooldowns how long the service is left alone where the provider does not say
     * @param exceptions what the configuration says about types of exceptions
     * @param readers who reads the exceptions of client libraries
     * @param signals health signals of the service, which are to listen to its calls too
     */
    public ProfileClassifier(
            ProviderProfile profile,
            BreakerSettings settings,
            CooldownSettings cooldowns,
            ExceptionRules exceptions,
            List<ErrorReader> readers,
            TimeSource time,
            HealthSignals signals) {
        this.profile = profile;
        this.timeoutNanos = settings.timeoutThreshold().toNanos();
        this.cooldowns = cooldowns;
        this.exceptions = exceptions;
        this.readers = List.copyOf(readers);
        this.time = time;
        this.signals = signals;
        this.quietUntil = new AtomicLong();
        this.cooldownReader = new CooldownReader(profile.limits());
        this.rateLimitBackoffs =
                new Backoffs(FIRST_RATE_LIMIT_BACKOFF, cooldowns.multiplier(), settings.maxRecoveryTimeout());
        this.authenticationBackoffs = new Backoffs(
                settings.recoveryTimeout(), settings.recoveryBackoffMultiplier(), settings.maxRecoveryTimeout());
    }

    /** One that tells no signals, and has all else in common with another. */
    private ProfileClassifier(ProfileClassifier other) {
        this.profile = other.profile;
        this.timeoutNanos = other.timeoutNanos;
        this.cooldowns = other.cooldowns;
        this.exceptions = other.exceptions;
        this.readers = other.readers;
        this.time = other.time;
        this.signals = HealthSignals.NONE;
        this.cooldownReader = other.cooldownReader;
        this.rateLimitBackoffs = other.rateLimitBackoffs;
        this.authenticationBackoffs = other.authenticationBackoffs;
        this.quietUntil = other.quietUntil;
    }

    @Override
    public ProfileClassifier forLateCalls() {
        return new ProfileClassifier(this);
    }

    /** Times named by the provider that made no sense and were ignored. */
    public long ignoredTimes() {
        return cooldownReader.ignored();
    }

    @Override
    public Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos) {
        return answered(request, report, durationNanos, timeoutNanos);
    }

    /** Judges an answer that may take as long as the model is given. */
    Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos, long timeoutNanos) {
        if (report != null && report.status().orElse(0) >= 400) {
            return judged(request, new Evidence(null, report), report, signals);
        }
        Outcome outcome = durationNanos > timeoutNanos
                ? counted(request, FailureCause.TIMEOUT, null, RejectionScope.SERVICE, signals)
                        .remarked(Outcome.Remark.ANSWERED_LATE)
                : Outcome.SUCCESS;
        return report == null ? outcome : outcome.with(null, report.withoutMessage());
    }

    @Override
    public Outcome failed(CallRequest request, Throwable error, @Nullable CallReport report) {
        CallReport known = both(report, read(error));
        return judged(request, new Evidence(error, known), known, signals);
    }

    @Override
    public Outcome failedAfter(CallRequest request, Throwable error, @Nullable CallReport report, Outcome lastAttempt) {
        CallReport read = read(error);
        if (read == null && saysNothing(ErrorTypes.cause(error))) {
            return Outcome.ignored(ErrorTypes.cause(error)).with(null, withoutMessage(report)); // given up after it
        }
        CallReport known = both(report, read);
        return judged(request, new Evidence(error, known), known, signals, lastAttempt.cooldown());
    }

    /** Where types of exceptions decide, an answer without one is left to the end of the call, which may have one. */
    @Override
    public Outcome attempted(CallRequest request, @Nullable Throwable error, @Nullable CallReport report) {
        if (error == null && !exceptions.equals(ExceptionRules.NONE)) {
            return Outcome.ignored(FailureCause.UNKNOWN);
        }
        CallReport known = error == null ? report : both(report, read(error));
        return judged(request, new Evidence(error, known), known, HealthSignals.NONE);
    }

    @Override
    public boolean isRetryable(Throwable error) {
        CallReport report = read(error);
        Evidence evidence = new Evidence(error, report);
        FailureCause named = named(rule(evidence), evidence);
        FailureCause cause = isQuotaOfADay(named, asked(report, evidence, named)) ? FailureCause.QUOTA : named;
        return profile.effect(cause).retryable();
    }

    private static FailureCause named(@Nullable FailureRule rule, Evidence evidence) {
        return rule == null ? ErrorTypes.cause(evidence.error()) : rule.cause();
    }

    private Optional<Cooldown> asked(@Nullable CallReport report, Evidence evidence, FailureCause cause) {
        return cooldownReader.read(report == null ? CallReport.EMPTY : report, evidence, cause, time.now());
    }

    private Outcome judged(
            CallRequest request, Evidence evidence, @Nullable CallReport report, HealthSignals learning) {
        return judged(request, evidence, report, learning, null);
    }

    /**
     * Judges a failure.
     *
     * @param known the wait that was found for it before, if it was judged before
     */
    private Outcome judged(
            CallRequest request,
            Evidence evidence,
            @Nullable CallReport report,
            HealthSignals learning,
            @Nullable Cooldown known) {
        Throwable error = evidence.error();
        Optional<Boolean> byConfiguration = error == null ? Optional.empty() : exceptions.judge(error);
        boolean ignored = error != null && exceptions.ignores(error);
        FailureRule rule = rule(evidence);
        FailureCause named = named(rule, evidence);
        Optional<Cooldown> asked = known == null ? asked(report, evidence, named) : Optional.of(known);
        FailureCause cause = isQuotaOfADay(named, asked) ? FailureCause.QUOTA : named;
        // Whatever the configuration says about exceptions: the service did not cause these.
        Optional<Boolean> configured = saysNothing(cause) ? Optional.of(false) : byConfiguration;
        FailureEffect effect = effect(cause);
        boolean counts = configured.orElse(effect.counts());
        boolean holds = effect.holds() && !counts && !ignored; // also where only other exceptions are to be recorded
        RejectionScope scope = rule == null || rule.scope() == null ? effect.scope() : rule.scope();
        Outcome outcome = counts
                ? counted(request, cause, rule, scope, learning)
                : Outcome.ignored(cause).of(scope);
        boolean failed = outcome.kind() == Outcome.Kind.FAILURE;
        Cooldown cooldown = holds ? held(request, cause, asked, known) : failed ? asked.orElse(null) : null;
        if (effect.escalates() && !ignored && known == null) {
            escalate(request, cause);
        }
        return outcome.with(cooldown, withoutMessage(report));
    }

    private static @Nullable CallReport withoutMessage(@Nullable CallReport report) {
        return report == null ? null : report.withoutMessage();
    }

    /**
     * A failure that counts. One that is counted in a signal is neutral to the service until that has seen too many; only
     * the model that the call names learns of it.
     */
    private Outcome counted(
            CallRequest request,
            FailureCause cause,
            @Nullable FailureRule rule,
            RejectionScope scope,
            HealthSignals learning) {
        String signal = rule == null ? null : rule.signal();
        TooLong tooLong = learning.failed(cause, signal);
        Outcome failure = Outcome.failure(cause).of(scope);
        if (tooLong != null && tooLong.opens()) {
            return failure.alarming(tooLong.sentence());
        }
        if (tooLong != null || signal == null) {
            return failure;
        }
        return request.model().isEmpty() ? Outcome.ignored(cause).of(scope) : failure.of(RejectionScope.MODEL);
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

    private Cooldown held(CallRequest request, FailureCause cause, Optional<Cooldown> asked, @Nullable Cooldown known) {
        if (known != null) {
            return known;
        }
        return switch (cause) {
            case QUOTA -> longer(asked, new Cooldown(cooldowns.quotaExceededCooldown(), "quota-exceeded-cooldown"));
            case AUTHENTICATION ->
                longer(
                        asked,
                        new Cooldown(
                                authenticationBackoffs.strike(request.credential(), time.nanos()),
                                "authentication-failure-escalation"));
            default ->
                asked.orElseGet(() -> new Cooldown(
                        rateLimitBackoffs.strike(request.credential(), time.nanos()),
                        "rate-limit-backoff-multiplier",
                        cooldowns.isGuess()));
        };
    }

    private void escalate(CallRequest request, FailureCause cause) {
        long now = time.nanos();
        long quiet = quietUntil.get();
        if (now >= quiet && quietUntil.compareAndSet(quiet, now + QUIET_NANOS)) {
            log.warn("{} answered {} to {}: somebody has to act", profile.id(), cause, request.service());
        }
    }

    private static Cooldown longer(Optional<Cooldown> asked, Cooldown own) {
        return asked.filter(other -> other.duration().compareTo(own.duration()) > 0)
                .orElse(own);
    }

    /** Without an answer of the provider, what the types of exceptions say of the caller wins over every rule. */
    private @Nullable FailureRule rule(Evidence evidence) {
        if (evidence.status() == 0 && saysNothing(ErrorTypes.cause(evidence.error()))) {
            return null;
        }
        for (FailureRule rule : profile.rules()) {
            if (rule.matches(evidence)) {
                return rule;
            }
        }
        return null;
    }

    /** What the caller knows wins, and seldom knows the words. */
    private static @Nullable CallReport both(@Nullable CallReport known, @Nullable CallReport read) {
        if (known == null || read == null) {
            return known == null ? read : known;
        }
        return known.or(read);
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
