package io.servicebreaker.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.call.FailureCause;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of calls in some time.
 *
 * @param calls that were made and say something about the service: successes and failures
 * @param failures by cause
 * @param ignored calls that failed without saying anything about the service, by cause
 * @param refused calls that a breaker did not let through
 * @param availability share of successes among calls and refusals; null if there were none
 * @param openings how often a breaker ceased to be closed
 * @param notClosedSeconds for how long in all
 * @param probes that ended
 * @param cost of the calls, in the currency of the configuration
 * @param worstMinute the one with the lowest availability, of several the one with most calls that got no answer; null if
 *     none got no answer, or if minutes are not looked at one by one
 */
@JsonInclude(Include.ALWAYS)
record CallsView(
        long calls,
        long succeeded,
        long failed,
        Map<FailureCause, Long> failures,
        Map<FailureCause, Long> ignored,
        long refused,
        @Nullable Double availability,
        long openings,
        double notClosedSeconds,
        long probes,
        long failedProbes,
        BigDecimal cost,
        @Nullable MinuteView worstMinute) {

    /** A minute of one service. */
    record MinuteView(String service, Instant start, long calls, long failed, long refused, double availability) {

        static MinuteView of(CallMinute minute) {
            return new MinuteView(
                    minute.service(),
                    minute.start(),
                    minute.calls(),
                    minute.failed(),
                    minute.refused(),
                    BreakerView.rounded(available(minute)));
        }
    }

    /**
     * The sum.
     *
     * @param areMinutes false if minutes were added up, so that there is no worst one
     */
    static CallsView of(List<CallMinute> minutes, boolean areMinutes) {
        long calls = sum(minutes, CallMinute::calls);
        long succeeded = sum(minutes, CallMinute::succeeded);
        long refused = sum(minutes, CallMinute::refused);
        long wanted = calls + refused;
        return new CallsView(
                calls,
                succeeded,
                sum(minutes, CallMinute::failed),
                byCause(minutes.stream().map(CallMinute::failures).toList()),
                byCause(minutes.stream().map(CallMinute::ignored).toList()),
                refused,
                wanted == 0 ? null : BreakerView.rounded((double) succeeded / wanted),
                sum(minutes, CallMinute::openings),
                BreakerView.rounded(total(minutes, CallMinute::openSeconds)),
                sum(minutes, CallMinute::probes),
                sum(minutes, CallMinute::failedProbes),
                minutes.stream().map(CallMinute::cost).reduce(BigDecimal.ZERO, BigDecimal::add),
                areMinutes ? worst(minutes) : null);
    }

    private static long sum(List<CallMinute> minutes, ToLongFunction<CallMinute> number) {
        return minutes.stream().mapToLong(number).sum();
    }

    private static double total(List<CallMinute> minutes, ToDoubleFunction<CallMinute> number) {
        return minutes.stream().mapToDouble(number).sum();
    }

    private static Map<FailureCause, Long> byCause(List<Map<FailureCause, Long>> each) {
        return each.stream()
                .flatMap(causes -> causes.entrySet().stream())
                .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.summingLong(Map.Entry::getValue)));
    }

    private static @Nullable MinuteView worst(List<CallMinute> minutes) {
        return minutes.stream()
                .filter(minute -> unanswered(minute) > 0)
                .min(Comparator.comparingDouble(CallsView::available).thenComparing(minute -> -unanswered(minute)))
                .map(MinuteView::of)
                .orElse(null);
    }

    private static long unanswered(CallMinute minute) {
        return minute.failed() + minute.refused();
    }

    private static double available(CallMinute minute) {
        return (double) minute.succeeded() / (minute.calls() + minute.refused());
    }
}
