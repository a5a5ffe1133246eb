package io.servicebreaker.provider;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.Usage;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Learns how many tokens the calls of a service use, for each model that they name or that answers. Safe for use by many
 * threads.
 */
public final class TokenUsages implements CallListener {

    /** More models than a service has; of what comes after them nothing is learned. */
    private static final int MOST = 200;

    private final Map<String, TokenUsage> byModel = new ConcurrentHashMap<>();

    /** What was learned, by model. */
    public Map<String, TokenUsage> snapshot() {
        return new TreeMap<>(byModel);
    }

    /** A call that failed may have used tokens as well. */
    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        CallReport report = outcome.report();
        if (report == null || report.usage().isEmpty()) {
            return;
        }
        String model = request.model().isEmpty() ? report.model().orElse("") : request.model();
        if (!model.isEmpty()) {
            learn(model, report.usage().get());
        }
    }

    private void learn(String model, Usage usage) {
        TokenUsage before = byModel.get(model);
        while (before != null && !byModel.replace(model, before, before.after(usage))) {
            before = byModel.get(model);
        }
        if (before == null && byModel.size() < MOST) {
            byModel.merge(model, TokenUsage.NONE.after(usage), (known, first) -> known.after(usage));
        }
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {}
}
