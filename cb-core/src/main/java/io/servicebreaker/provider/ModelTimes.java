package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows models that may take longer, or less long, than others of their service: what is slow or timed out is a matter of
 * the model. Everything else is judged by another classifier. Safe for use by many threads.
 */
public final class ModelTimes implements OutcomeClassifier {

    private final OutcomeClassifier others;
    private final Map<String, BreakerSettings> byModel;

    /**
     * Creates a classifier.
     *
     * @param others judges all else
     * @param byModel settings of the models that differ, by id
     */
    public ModelTimes(OutcomeClassifier others, Map<String, BreakerSettings> byModel) {
        this.others = others;
        this.byModel = Map.copyOf(byModel);
    }

    @Override
    public Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos) {
        BreakerSettings model = byModel.get(request.model());
        if (model == null) {
            return others.answered(request, report, durationNanos);
        }
        Outcome outcome = others.answered(request, report, 0);
        if (outcome.kind() != Outcome.Kind.SUCCESS) {
            return outcome;
        }
        return judged(outcome, durationNanos, model);
    }

    private static Outcome judged(Outcome success, long durationNanos, BreakerSettings model) {
        if (durationNanos > model.timeoutThreshold().toNanos()) {
            return Outcome.failure(FailureCause.TIMEOUT).with(success.cooldown(), success.report());
        }
        if (durationNanos > model.slowCallDuration().toNanos()) {
            return success;
        }
        return success.equals(Outcome.SUCCESS) ? Outcome.SUCCESS_IN_TIME : success.remarked(Outcome.Remark.IN_TIME);
    }

    @Override
    public Outcome failed(CallRequest request, Throwable error, @Nullable CallReport report) {
        return others.failed(request, error, report);
    }

    @Override
    public Outcome failedAfter(CallRequest request, Throwable error, @Nullable CallReport report, Outcome lastAttempt) {
        return others.failedAfter(request, error, report, lastAttempt);
    }

    @Override
    public boolean isRetryable(Throwable error) {
        return others.isRetryable(error);
    }

    @Override
    public Outcome attempted(CallRequest request, @Nullable Throwable error, @Nullable CallReport report) {
        return others.attempted(request, error, report);
    }
}
