package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.ScopedBreakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.cost.SpendRecord;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of the calls of one service, and of its models. Allocates nothing but what it takes to know another model;
 * lock-free, safe for use by many threads.
 *
 * <p>There is a bound, as for their breakers: the calls of a model that is too much count for the service alone.
 */
final class ServiceCalls implements CallListener {

    private final CallTally all = new CallTally();
    private final Map<String, CallTally> byModel = new ConcurrentHashMap<>();

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        CallTally model = tally(request.model());
        switch (outcome.kind()) {
            case SUCCESS -> {
                all.succeeded(durationNanos);
                if (model != null) {
                    model.succeeded(durationNanos);
                }
            }
            case FAILURE, IGNORED -> {
                FailureCause cause = Objects.requireNonNullElse(outcome.cause(), FailureCause.UNKNOWN);
                count(all, countsAgainstService(outcome), cause, durationNanos);
                if (model != null) {
                    count(model, countsAgainstModel(outcome), cause, durationNanos);
                }
            }
            case NOT_RUN -> {}
        }
    }

    private static void count(CallTally tally, boolean failed, FailureCause cause, long durationNanos) {
        if (failed) {
            tally.failed(cause, durationNanos);
        } else {
            tally.ignored(cause);
        }
    }

    private static boolean countsAgainstService(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.FAILURE && outcome.scope() == RejectionScope.SERVICE;
    }

    /** A model suffers from what its service suffers from, unless that was never reached. */
    private static boolean countsAgainstModel(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.FAILURE
                && (outcome.scope() == RejectionScope.MODEL
                        || (outcome.scope() == RejectionScope.SERVICE && outcome.cause() != FailureCause.CONNECTION));
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {
        boolean ofService = rejection.scope() == RejectionScope.SERVICE;
        if (!isOfBreaker(rejection.reason()) || !(ofService || rejection.scope() == RejectionScope.MODEL)) {
            return;
        }
        if (ofService) {
            all.refused();
        }
        CallTally model = tally(request.model());
        if (model != null) {
            model.refused();
        }
    }

    private static boolean isOfBreaker(RejectionReason reason) {
        return switch (reason) {
            case OPEN,
                    HALF_OPEN_FULL,
                    FORCED_OPEN,
                    RATE_LIMITED,
                    QUOTA_EXHAUSTED,
                    AUTHENTICATION_FAILED,
                    MODEL_UNHEALTHY -> true;
            case TOKEN_BUDGET,
                    COST_BUDGET,
                    COST_RULE,
                    TOO_MANY_CALLS,
                    DEPENDENCY_DOWN,
                    SYSTEM_EXHAUSTED,
                    EMERGENCY,
                    DEADLINE -> false;
        };
    }

    /** Null if no model is named, or too many have been. */
    private @Nullable CallTally tally(String model) {
        if (model.isEmpty()) {
            return null;
        }
        CallTally known = byModel.get(model);
        return known != null || byModel.size() >= ScopedBreakers.MOST
                ? known
                : byModel.computeIfAbsent(model, name -> new CallTally());
    }

    /** Takes away what has been counted, by model, of the service as that without a name. By one thread at a time. */
    Map<String, long[]> take() {
        Map<String, long[]> taken = new TreeMap<>();
        taken.put("", all.take());
        byModel.forEach((model, tally) -> taken.merge(cut(model), tally.take(), ServiceCalls::sum));
        return taken;
    }

    private static long[] sum(long[] one, long[] other) {
        MinuteNumbers.add(one, other);
        return one;
    }

    /** Names may come from outside. */
    private static String cut(String model) {
        return model.length() <= SpendRecord.LONGEST_NAME ? model : model.substring(0, SpendRecord.LONGEST_NAME);
    }
}
