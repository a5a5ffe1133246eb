package io.servicebreaker.provider;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Outcome.Remark;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.provider.HealthSignal.Bad;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The health signals of one service. Lock-free, of bounded size, safe for use by many threads; an answered call costs
 * no allocation.
 *
 * <p>It is told of calls in two places: {@link ProfileClassifier} asks what a failure makes of the runs, since that may
 * close the service off, and as a listener it hears of the rest. What is too old says nothing any more.
 */
public final class HealthSignals implements CallListener {

    private static final Duration SHORTEST_AGE = Duration.ofMinutes(10);

    /** Of a service that has none. */
    static final HealthSignals NONE = new HealthSignals(List.of(), BreakerSettings.defaults(), TimeSource.precise());

    private final SignalRun[] runs;
    private final SignalRatio[] ratios;
    private final SignalLevel[] levels;
    private final TimeSource time;

    /**
     * Creates signals of which nothing is known yet.
     *
     * @param settings of the service
     */
    public HealthSignals(List<HealthSignal> signals, BreakerSettings settings, TimeSource time) {
        long age = longer(SHORTEST_AGE, settings.window()).toNanos();
        // A service that was closed off is not called: what closed it has to be known longer than that.
        long silence = Math.max(age, 2 * settings.maxRecoveryTimeout().toNanos());
        this.time = time;
        this.runs = signals.stream()
                .filter(signal -> signal.inARow() != null)
                .map(signal -> new SignalRun(signal, silence))
                .toArray(SignalRun[]::new);
        this.ratios = signals.stream()
                .filter(signal -> signal.atLeast() != null)
                .map(signal -> new SignalRatio(signal, age))
                .toArray(SignalRatio[]::new);
        this.levels = signals.stream()
                .filter(signal -> signal.atMost() != null)
                .map(signal -> new SignalLevel(signal, age))
                .toArray(SignalLevel[]::new);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return runs.length + ratios.length + levels.length == 0;
    }

    /** What they say now, in the order of runs, ratios and levels. */
    public List<SignalReading> readings() {
        long now = time.nanos();
        List<SignalReading> readings = new ArrayList<>();
        for (SignalRun run : runs) {
            readings.add(run.reading(now));
        }
        for (SignalRatio ratio : ratios) {
            readings.add(ratio.reading(now));
        }
        for (SignalLevel level : levels) {
            readings.add(level.reading(now));
        }
        return readings;
    }

    /** How well the service does by the signal that looks worst, 0.5 to 1. */
    public double health() {
        return readings().stream().mapToDouble(SignalReading::health).min().orElse(1);
    }

    /**
     * Somebody has read a number. Ignored if the service has no level of that name.
     *
     * @param value any number but NaN, which says nothing
     */
    public void observe(String name, double value) {
        for (SignalLevel level : levels) {
            if (level.signal().name().equals(name) && !Double.isNaN(value)) {
                level.observe(value, time.nanos());
            }
        }
    }

    /** As new. */
    public void forget() {
        for (SignalRun run : runs) {
            run.forget();
        }
        for (SignalRatio ratio : ratios) {
            ratio.forget();
        }
        for (SignalLevel level : levels) {
            level.forget();
        }
    }

    /**
     * A call failed in a way that counts.
     *
     * @param named the signal that the rule of the failure names, or null
     * @return the run that has become too long by it, or null
     */
    @Nullable
    TooLong failed(FailureCause cause, @Nullable String named) {
        TooLong tooLong = null;
        for (SignalRun run : runs) {
            if (isBad(run.signal(), cause, named)) {
                long now = time.nanos();
                boolean worse = run.bad(now) && (tooLong == null || run.signal().opens());
                tooLong = worse ? new TooLong(run.sentence(now), run.signal().opens()) : tooLong;
            }
        }
        return tooLong;
    }

    private static boolean isBad(HealthSignal signal, FailureCause cause, @Nullable String named) {
        return named == null
                ? signal.bad() == Bad.FAILURE && cause != FailureCause.QUALITY
                : named.equals(signal.name());
    }

    /**
     * A run that has become too long.
     *
     * @param sentence what happened, for people
     * @param opens whether the service is to be closed off
     */
    record TooLong(String sentence, boolean opens) {}

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        boolean isAnswer = outcome.kind() == Outcome.Kind.SUCCESS || outcome.cause() == FailureCause.QUALITY;
        if (isAnswer) {
            for (SignalRun run : runs) {
                run.good();
            }
        }
        for (SignalRatio ratio : ratios) {
            Boolean good = verdict(ratio.signal(), outcome);
            if (good != null) {
                ratio.observe(good, time.nanos());
            }
        }
    }

    /** Whether the call was good, or null if it says nothing. */
    private static @Nullable Boolean verdict(HealthSignal signal, Outcome outcome) {
        boolean success = outcome.kind() == Outcome.Kind.SUCCESS;
        return switch (Objects.requireNonNull(signal.bad())) {
            case MISS ->
                outcome.remark() == Remark.HIT ? Boolean.TRUE : outcome.remark() == Remark.MISS ? Boolean.FALSE : null;
            case QUALITY -> success ? Boolean.TRUE : outcome.cause() == FailureCause.QUALITY ? Boolean.FALSE : null;
            case FAILURE -> success ? Boolean.TRUE : outcome.kind() == Outcome.Kind.FAILURE ? Boolean.FALSE : null;
            case RULE -> null;
        };
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {}
}
