package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows models that may take longer, or less long, than others of their service: what is slow or timed out is a matter of
 * the model. Everything else is judged by another classifier. Safe for use by many threads.
 */
public final class ModelTimes implements OutcomeClassifier {

    private final ProfileClassifier others;
    private final Map<String, BreakerSettings> byModel;

    /**
     * Creates a classifier.
     *
     * @param others judges all else
     * @param byModel settings of the models that differ, by id
     */
    public ModelTimes(ProfileClassifier others, Map<String, BreakerSettings> byModel) {
        this.others = others;
        this.byModel = Map.copyOf(byModel);
    }

    @Override
    public OutcomeClassifier forLateCalls() {
        return new ModelTimes(others.forLateCalls(), byModel);
    }

    @Override
    public Outcome answered(CallRequest request, @Nullable CallReport report, long durationNanos) {
        BreakerSettings model = byModel.get(request.model());
        if (model == null) {
            return others.answered(request, report, durationNanos);
        }
        long timeout = model.timeoutThreshold().toNanos();
        Outcome outcome = others.answered(request, report, durationNanos, timeout);
        boolean inTime = outcome.kind() == Outcome.Kind.SUCCESS
                && durationNanos <= model.slowCallDuration().toNanos();
        return inTime ? outcome.timely() : outcome;
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
