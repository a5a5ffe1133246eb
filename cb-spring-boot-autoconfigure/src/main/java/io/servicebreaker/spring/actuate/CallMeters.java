package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.Usage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The meters that a call of one service writes to, in one registry; made beforehand, found by constant. */
final class CallMeters {

    /** What became of a call. */
    private enum Result {
        SUCCESS,
        FAILURE,
        BLOCKED,
        THROTTLED,
        IGNORED
    }

    /** How far the answer had come when the caller gave up; what has begun will be billed. */
    private enum AnswerOfCancelled {
        NONE,
        BEGUN
    }

    /** What an answer tells of. The input includes what was cached. */
    private enum Tokens {
        INPUT,
        OUTPUT
    }

    private final Map<Result, Counter> requests;
    private final Map<FailureCause, Counter> failures;
    private final Map<AnswerOfCancelled, Counter> cancelled;
    private final Map<Tokens, Counter> tokens;
    private final Timer responseTime;

    CallMeters(MeterRegistry registry, String service) {
        requests = counters(
                Result.class,
                result -> Counter.builder(MeterNames.REQUESTS)
                        .description("Calls, by what became of them")
                        .tags(MeterNames.SERVICE, service, "result", lower(result))
                        .register(registry));
        failures = counters(
                FailureCause.class,
                cause -> Counter.builder(MeterNames.FAILURES)
                        .description("Failed calls by cause, also those that do not count against the service")
                        .tags(MeterNames.SERVICE, service, "cause", lower(cause))
                        .register(registry));
        cancelled = counters(
                AnswerOfCancelled.class,
                answer -> Counter.builder(MeterNames.CANCELLED)
                        .description("Calls that the caller gave up, by how far the answer had come")
                        .tags(MeterNames.SERVICE, service, "answer", lower(answer))
                        .register(registry));
        tokens = counters(
                Tokens.class,
                type -> Counter.builder(MeterNames.TOKENS)
                        .description("Tokens that calls have used, as far as answers told")
                        .tags(MeterNames.SERVICE, service, "type", lower(type))
                        .register(registry));
        responseTime = Timer.builder(MeterNames.RESPONSE_TIME)
                .description("Time until the service answered or the call failed")
                .tags(MeterNames.SERVICE, service)
                .register(registry);
    }

    private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter> register) {
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            counters.put(constant, register.apply(constant));
        }
        return counters;
    }

    void finished(Outcome outcome, long durationNanos) {
        increment(requests, result(outcome));
        if (outcome.cause() != null) {
            increment(failures, outcome.cause());
        }
        if (outcome.cause() == FailureCause.CANCELLED) {
            boolean begun = outcome.remark() == Outcome.Remark.ANSWER_BEGUN;
            increment(cancelled, begun ? AnswerOfCancelled.BEGUN : AnswerOfCancelled.NONE);
        }
        used(outcome.report());
        responseTime.record(durationNanos, TimeUnit.NANOSECONDS);
    }

    private void used(@Nullable CallReport report) {
        Usage usage = report == null ? null : report.usageOrNull();
        if (usage != null) {
            increment(tokens, Tokens.INPUT, usage.input());
            increment(tokens, Tokens.OUTPUT, usage.output());
        }
    }

    void rejected(RejectionReason reason) {
        increment(requests, result(reason));
    }

    private static <E extends Enum<E>> void increment(Map<E, Counter> counters, E constant) {
        increment(counters, constant, 1);
    }

    private static <E extends Enum<E>> void increment(Map<E, Counter> counters, E constant, int by) {
        Objects.requireNonNull(counters.get(constant)).increment(by);
    }

    private static Result result(Outcome outcome) {
        return switch (outcome.kind()) {
            case SUCCESS -> Result.SUCCESS;
            case FAILURE -> Result.FAILURE;
            case IGNORED, NOT_RUN -> Result.IGNORED;
        };
    }

    /** Throttled is what would have been let through at another pace. */
    private static Result result(RejectionReason reason) {
        return switch (reason) {
            case RATE_LIMITED, TOKEN_BUDGET, TOO_MANY_CALLS -> Result.THROTTLED;
            case OPEN,
                    HALF_OPEN_FULL,
                    FORCED_OPEN,
                    QUOTA_EXHAUSTED,
                    AUTHENTICATION_FAILED,
                    MODEL_UNHEALTHY,
                    COST_BUDGET,
                    COST_RULE,
                    DEPENDENCY_DOWN,
                    SYSTEM_EXHAUSTED,
                    EMERGENCY,
                    DEADLINE -> Result.BLOCKED;
        };
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
