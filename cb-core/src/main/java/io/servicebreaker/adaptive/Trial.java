package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import java.util.ArrayList;
import java.util.List;

/** Replays a history with the values that are tried for each setting of a service, the others as they are now. */
final class Trial {

    /** Less than this, in good calls over the whole history, is not worth a change. */
    private static final double LEAST_GAIN = 1;

    /** Below it nothing is said: it is no more likely to be better than not. */
    private static final double LEAST_CONFIDENCE = 0.5;

    private static final double SAME = 1e-6;

    private final String service;
    private final Candidates candidates;
    private final BreakerSettings current;
    private final Timeline line;
    private final double quality;
    private final HistoryReplay now;

    Trial(String service, Candidates candidates, BreakerSettings current, Timeline line, double quality) {
        this.service = service;
        this.candidates = candidates;
        this.current = current;
        this.line = line;
        this.quality = quality;
        this.now = HistoryReplay.of(line, current);
    }

    List<Recommendation> recommendations() {
        List<Recommendation> found = new ArrayList<>();
        for (Parameter parameter : Parameter.values()) {
            recommend(parameter, found);
        }
        return List.copyOf(found);
    }

    /** Adds the value that loses least; of those that lose the same, the one that is nearest to the present one. */
    private void recommend(Parameter parameter, List<Recommendation> found) {
        double value = parameter.of(current);
        double best = value;
        HistoryReplay chosen = now;
        int tried = 0;
        for (double other : candidates.of(parameter)) {
            if (isSame(parameter, other, value)) {
                continue;
            }
            tried++;
            HistoryReplay replay = HistoryReplay.of(line, parameter.with(current, other));
            double gain = chosen.loss() - replay.loss();
            boolean nearer = chosen != now && Math.abs(other - value) < Math.abs(best - value);
            if (gain > SAME || (gain >= -SAME && nearer)) {
                best = other;
                chosen = replay;
            }
        }
        if (now.loss() - chosen.loss() < LEAST_GAIN) {
            return;
        }
        PairedComparison comparison = PairedComparison.of(now.losses(), chosen.losses());
        double confidence = comparison.confidence(tried);
        if (confidence >= LEAST_CONFIDENCE) {
            found.add(recommendation(parameter, best, chosen, comparison, confidence));
        }
    }

    /** Whether the history cannot tell them apart. No call is slow by one limit and not by a lower one: sums tell. */
    private boolean isSame(Parameter parameter, double value, double other) {
        return parameter == Parameter.SLOW_CALL_DURATION
                ? slowCalls(value) == slowCalls(other)
                : parameter.written(value).equals(parameter.written(other));
    }

    private double slowCalls(double limit) {
        return line.digest.slowCalls(line.digest.slowField(limit));
    }

    private Recommendation recommendation(
            Parameter parameter, double best, HistoryReplay chosen, PairedComparison comparison, double confidence) {
        double failures = now.failures() - chosen.failures();
        double refusals = now.refusals() - chosen.refusals();
        double value = parameter.of(current);
        String reason =
                sentence(parameter, best, comparison, failures, refusals) + bound(parameter, best) + besides(parameter);
        return new Recommendation(service, parameter, value, best, confidence, failures, refusals, quality, reason);
    }

    private String sentence(
            Parameter parameter, double best, PairedComparison comparison, double failures, double refusals) {
        int matter = comparison.better() + comparison.worse();
        return parameter.key() + " " + parameter.written(best) + " instead of "
                + parameter.written(parameter.of(current)) + " would have been better in " + comparison.better()
                + " of "
                + matter + " troubles in the last " + age() + " in which it matters: "
                + more(refusals, "refused in vain")
                + " and " + more(failures, "let through to fail") + ".";
    }

    private String age() {
        long hours = Math.round((line.digest.lastEnd() - line.digest.firstStart()) / 60);
        return hours < 48 ? Math.max(1, hours) + " h" : Math.round(hours / 24.0) + " days";
    }

    private static String more(double fewer, String what) {
        long calls = Math.round(Math.abs(fewer));
        return calls + " calls " + (fewer > 0 ? "fewer " : "more ") + what;
    }

    private String besides(Parameter parameter) {
        return parameter.isOneOfTwo(current)
                ? " Thresholds alone were compared. Here what is learned decides as well, until the value is set by hand; adjusted by "
                        + "adaptive.mode auto, it still does."
                : "";
    }

    /** The best of all may lie further away than may be tried. */
    private String bound(Parameter parameter, double best) {
        boolean atBound = best == candidates.lowest(parameter) || best == candidates.highest(parameter);
        return atBound
                ? " A value further from the configured "
                        + parameter.written(parameter.of(candidates.baseline()))
                        + " may be better still, but max-adjustment allows none."
                : "";
    }
}
