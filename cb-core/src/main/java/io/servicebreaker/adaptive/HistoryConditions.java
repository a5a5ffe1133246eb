package io.servicebreaker.adaptive;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How services do at the moment, against how they usually do, as their history tells. Safe for use by many threads; waits for
 * the history, at most once a minute for each service.
 *
 * <p>Now is the last five minutes that are over and written. Usual is the last week: of the calls, the same hour of the day and
 * the ones before and after; of the failures, all but the last hours. What chance explains is taken for usual, that is within three standard deviations of a Poisson
 * count of calls, or of a binomial one of failures.
 */
public final class HistoryConditions implements Function<String, Conditions> {

    private static final Duration RECENT = Duration.ofMinutes(5);

    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

    /** Minutes are written a moment after they are over. */
    private static final Duration UNWRITTEN = ONE_MINUTE;

    private static final int DAYS = 7;

    /** Hours. */
    private static final int DAY = 24;

    /** Hours before and after the present one that are the same time of day. */
    private static final int NEAR = 1;

    /** Hours ago that are not usual yet: an outage may have begun. */
    private static final int NOT_USUAL_YET = 1;

    /** Failures among fewer calls tell little. */
    private static final int FEW_CALLS = 20;

    private static final double SIGMAS = 3;

    private final HistoryStore store;
    private final ToDoubleFunction<String> budgetUsed;
    private final TimeSource time;
    private final Map<String, Usual> usual = new ConcurrentHashMap<>();
    private final Map<String, Recent> recent = new ConcurrentHashMap<>();

    /**
     * Usually; what is not known is {@code NaN}.
     *
     * @param hour in which it was read
     * @param callsPerSecond at this time of day
     */
    private record Usual(Instant hour, double callsPerSecond, double errorRate) {}

    /**
     * Now, in the minute in which it was read.
     *
     * @param wanted calls, also those that were refused or throttled: less load is not what an open breaker makes
     * @param calls those that say something about the service
     */
    private record Recent(Instant minute, double wanted, double calls, double failed) {}

    /**
     * Creates them.
     *
     * @param budgetUsed share that is used of the budget for a service's calls
     */
    public HistoryConditions(HistoryStore store, ToDoubleFunction<String> budgetUsed, TimeSource time) {
        this.store = HistoryStore.spared(store, time);
        this.budgetUsed = budgetUsed;
        this.time = time;
    }

    @Override
    public Conditions apply(String service) {
        Instant now = time.now();
        Usual known = usual.get(service);
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        if (known == null || !known.hour.equals(hour)) {
            known = readUsual(service, hour);
            usual.put(service, known);
        }
        Recent seen = recent.get(service);
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
        if (seen == null || !seen.minute.equals(minute)) {
            seen = readRecent(service, minute);
            recent.put(service, seen);
        }
        return conditions(known, seen, budgetUsed.applyAsDouble(service));
    }

    private static Conditions conditions(Usual usual, Recent recent, double budgetUsed) {
        double expected = usual.callsPerSecond * RECENT.toSeconds();
        boolean asMany = Math.abs(recent.wanted - expected) <= SIGMAS * Math.sqrt(expected);
        double failing = recent.calls * usual.errorRate;
        boolean asBad = recent.calls < FEW_CALLS
                || Math.abs(recent.failed - failing) <= 1 + SIGMAS * Math.sqrt(failing * (1 - usual.errorRate));
        return new Conditions(
                asMany ? usual.callsPerSecond : recent.wanted / RECENT.toSeconds(),
                usual.callsPerSecond,
                asBad ? usual.errorRate : recent.failed / recent.calls,
                usual.errorRate,
                budgetUsed);
    }

    private Recent readRecent(String service, Instant minute) {
        Instant until = minute.minus(UNWRITTEN);
        double[] sums = new double[3];
        store.read(service, until.minus(RECENT), one -> {
            if (one.model().isEmpty() && one.start().isBefore(until)) {
                sums[0] += one.wanted();
                sums[1] += one.calls();
                sums[2] += one.failed();
            }
        });
        return new Recent(minute, sums[0], sums[1], sums[2]);
    }

    private Usual readUsual(String service, Instant hour) {
        Past past = new Past(hour);
        store.readHours(service, hour.minus(Duration.ofHours(DAYS * DAY + NEAR + 1)), past::add);
        return new Usual(hour, past.callsPerSecond(), past.errorRate());
    }

    /** Adds up the hours of a week. */
    private static final class Past {

        private final Instant hour;
        private long first;
        private double calls;
        private double failed;
        private double wantedNear;
        private final BitSet daysKnown = new BitSet();

        /** Creates it at the hour that goes on. */
        Past(Instant hour) {
            this.hour = hour;
        }

        /** The oldest first. */
        void add(CallMinute sum) {
            long ago = ChronoUnit.HOURS.between(sum.start(), hour);
            if (sum.model().isEmpty() && ago > NOT_USUAL_YET) {
                first = Math.max(first, ago);
                calls += sum.calls();
                failed += sum.failed();
                long day = Math.round((double) ago / DAY);
                if (day > 0 && day <= days()) {
                    daysKnown.set((int) day);
                    wantedNear += Math.abs(ago - day * DAY) <= NEAR ? sum.wanted() : 0;
                }
            }
        }

        /** Of a day that is not known whole, the time near this one may be missing, and half of the first hour. */
        private long days() {
            return Math.min(DAYS, (first - NEAR - 1) / DAY);
        }

        /** A day of which nothing is known is one on which the application was down, and not one without calls. */
        double callsPerSecond() {
            double seconds =
                    daysKnown.cardinality() * Duration.ofHours(1 + 2 * NEAR).toSeconds();
            return seconds == 0 ? Double.NaN : wantedNear / seconds;
        }

        double errorRate() {
            return calls < FEW_CALLS ? Double.NaN : failed / calls;
        }
    }
}
