package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.InvalidSettingException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The values that are tried for each setting of a service: legal, and no further from what is configured than
 * {@link AdaptiveSettings#maxAdjustment()}. Immutable.
 */
final class Candidates {

    private static final int STEPS_EACH_WAY = 2;
    private static final int MOST = 8;
    private static final MathContext TWO_DIGITS = new MathContext(2);
    private static final double NANOS = 1e9;
    private static final double ROUNDING = 1e-12;

    private final BreakerSettings baseline;
    private final double maxAdjustment;
    private final Map<Parameter, double[]> values = new EnumMap<>(Parameter.class);

    Candidates(BreakerSettings baseline, double maxAdjustment) {
        this.baseline = baseline;
        this.maxAdjustment = maxAdjustment;
        for (Parameter parameter : Parameter.values()) {
            values.put(
                    parameter,
                    thinned(
                            parameter.of(baseline),
                            tried(parameter)
                                    .filter(value -> isWithinBounds(parameter, value) && isLegal(parameter, value))
                                    .sorted()
                                    .distinct()
                                    .toArray()));
        }
    }

    BreakerSettings baseline() {
        return baseline;
    }

    /** The values that are tried, in rising order; what is configured is one of them. */
    double[] of(Parameter parameter) {
        return values.getOrDefault(parameter, new double[0]).clone();
    }

    double lowest(Parameter parameter) {
        return of(parameter)[0];
    }

    double highest(Parameter parameter) {
        double[] all = of(parameter);
        return all[all.length - 1];
    }

    private DoubleStream tried(Parameter parameter) {
        double configured = parameter.of(baseline);
        DoubleStream others = switch (parameter) {
            case FAILURE_THRESHOLD -> counts(configured);
            case SLOW_CALL_DURATION -> bucketEnds(configured);
            case ERROR_RATE_THRESHOLD, RECOVERY_TIMEOUT, WINDOW -> shares(configured);
        };
        return DoubleStream.concat(DoubleStream.of(configured), others);
    }

    private DoubleStream counts(double configured) {
        long low = (long) Math.ceil(configured * (1 - maxAdjustment) - ROUNDING);
        long high = (long) Math.floor(configured * (1 + maxAdjustment) + ROUNDING);
        long step = Math.max(1, (high - low) / (MOST - 1));
        return IntStream.range(0, MOST).mapToDouble(i -> low + i * step);
    }

    private DoubleStream shares(double configured) {
        return IntStream.rangeClosed(-STEPS_EACH_WAY, STEPS_EACH_WAY)
                .mapToDouble(step -> rounded(configured * (1 + maxAdjustment * step / STEPS_EACH_WAY)));
    }

    /** Where two values fall into the same bucket of {@link Latencies}, history cannot tell them apart. */
    private DoubleStream bucketEnds(double configured) {
        int own = Latencies.bucket(Math.round(configured * NANOS));
        int low = Latencies.bucket(Math.round(configured * (1 - maxAdjustment) * NANOS));
        int high = Latencies.bucket(Math.round(configured * (1 + maxAdjustment) * NANOS));
        return IntStream.rangeClosed(low, high).filter(bucket -> bucket != own).mapToDouble(Candidates::withinBucket);
    }

    private static double withinBucket(int bucket) {
        double end = Latencies.upperNanos(bucket) / NANOS;
        double round = rounded(end);
        return Latencies.bucket(Math.round(round * NANOS)) == bucket ? round : end;
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(TWO_DIGITS).doubleValue();
    }

    private boolean isWithinBounds(Parameter parameter, double value) {
        double configured = parameter.of(baseline);
        return Math.abs(value - configured) <= configured * (maxAdjustment + ROUNDING);
    }

    /** A call that counts as timed out is no longer slow. */
    private boolean isLegal(Parameter parameter, double value) {
        boolean timedOut = parameter == Parameter.SLOW_CALL_DURATION
                && value * NANOS >= baseline.timeoutThreshold().toNanos();
        if (timedOut && value != parameter.of(baseline)) {
            return false;
        }
        try {
            return parameter.of(parameter.with(baseline, value)) > 0;
        } catch (InvalidSettingException e) {
            return false;
        }
    }

    /** At most so many and the configured one, the lowest and the highest among them. */
    private static double[] thinned(double configured, double[] sorted) {
        if (sorted.length <= MOST) {
            return sorted;
        }
        IntStream spread = IntStream.range(0, MOST).map(i -> i * (sorted.length - 1) / (MOST - 1));
        return DoubleStream.concat(DoubleStream.of(configured), spread.mapToDouble(i -> sorted[i]))
                .sorted()
                .distinct()
                .toArray();
    }
}
