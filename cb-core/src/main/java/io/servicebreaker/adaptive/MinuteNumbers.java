package io.servicebreaker.adaptive;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.cost.Money;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * A minute as a row of numbers. What stores keep depends on their places, which never change.
 */
final class MinuteNumbers {

    static final int ANSWERS = 0;
    static final int FAILING = ANSWERS + Latencies.BUCKETS;
    static final int FAILURES = FAILING + Latencies.BUCKETS;

    /** Far more than there are causes. */
    private static final int CAUSES = 32;

    static final int IGNORED = FAILURES + CAUSES;
    static final int REFUSED = IGNORED + CAUSES;
    static final int LONGEST_RUN = REFUSED + 1;
    static final int OPENINGS = REFUSED + 2;
    static final int OPEN_MILLIS = REFUSED + 3;
    static final int PROBES = REFUSED + 4;
    static final int FAILED_PROBES = REFUSED + 5;
    static final int COST = REFUSED + 6;

    /** How many there are. */
    static final int ALL = COST + 1;

    private static final FailureCause[] KNOWN = FailureCause.values();
    private static final double MILLIS = 1000;

    private MinuteNumbers() {}

    static long[] of(CallMinute minute) {
        long[] numbers = new long[ALL];
        write(minute.answers(), numbers, ANSWERS);
        write(minute.failing(), numbers, FAILING);
        minute.failures().forEach((cause, count) -> numbers[FAILURES + place(cause)] = count);
        minute.ignored().forEach((cause, count) -> numbers[IGNORED + place(cause)] = count);
        numbers[REFUSED] = minute.refused();
        numbers[LONGEST_RUN] = minute.longestRun();
        numbers[OPENINGS] = minute.openings();
        numbers[OPEN_MILLIS] = Math.round(minute.openSeconds() * MILLIS);
        numbers[PROBES] = minute.probes();
        numbers[FAILED_PROBES] = minute.failedProbes();
        numbers[COST] = Money.of(minute.cost()).billionths();
        return numbers;
    }

    private static void write(Latencies latencies, long[] to, int at) {
        for (int bucket = latencies.lowest(); bucket < latencies.lowest() + latencies.width(); bucket++) {
            to[at + bucket] = latencies.in(bucket);
        }
    }

    static CallMinute minute(String service, String model, Instant start, long[] numbers) {
        return new CallMinute(
                service,
                model,
                start,
                latencies(numbers, ANSWERS),
                byCause(numbers, FAILURES),
                latencies(numbers, FAILING),
                byCause(numbers, IGNORED),
                (int) numbers[LONGEST_RUN],
                numbers[REFUSED],
                (int) numbers[OPENINGS],
                numbers[OPEN_MILLIS] / MILLIS,
                numbers[PROBES],
                numbers[FAILED_PROBES],
                new Money(numbers[COST]).toDecimal());
    }

    private static Latencies latencies(long[] numbers, int at) {
        return Latencies.ofPart(numbers, at);
    }

    private static Map<FailureCause, Long> byCause(long[] numbers, int at) {
        Map<FailureCause, Long> counts = new EnumMap<>(FailureCause.class);
        for (FailureCause cause : KNOWN) {
            if (numbers[at + place(cause)] != 0) {
                counts.put(cause, numbers[at + place(cause)]);
            }
        }
        return counts;
    }

    /** Of a cause among all of them. */
    static int place(FailureCause cause) {
        return switch (cause) {
            case RATE_LIMIT -> 0;
            case QUOTA -> 1;
            case AUTHENTICATION -> 2;
            case OVERLOADED -> 3;
            case SERVER_ERROR -> 4;
            case TIMEOUT -> 5;
            case CONNECTION -> 6;
            case BAD_REQUEST -> 7;
            case CONTEXT_LENGTH -> 8;
            case CONTENT_FILTER -> 9;
            case QUALITY -> 10;
            case CANCELLED -> 11;
            case LOCAL_ERROR -> 12;
            case UNKNOWN -> 13;
        };
    }

    /** Adds to the first what is in the second: counts add up, of rows the longest counts. */
    static void add(long[] sums, long[] numbers) {
        long longest = Math.max(sums[LONGEST_RUN], numbers[LONGEST_RUN]);
        long cost = new Money(sums[COST]).plus(new Money(numbers[COST])).billionths();
        Arrays.setAll(sums, i -> sums[i] + numbers[i]);
        sums[LONGEST_RUN] = longest;
        sums[COST] = cost;
    }

    static boolean isIdle(long[] numbers) {
        for (long number : numbers) {
            if (number != 0) {
                return false;
            }
        }
        return true;
    }
}
