package io.servicebreaker.breaker;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Calls of one service that arrive by chance, and its breaker. Time moves on with them. */
final class Traffic implements AutoCloseable {

    /**
     * What becomes of calls: a share fails after a while, the others take a lognormal time, or that until their answer begins
     * which is streamed.
     */
    record Weather(double failing, double failureSeconds, double medianSeconds, double streamSeconds) {

        static final Weather FINE = new Weather(0.01, 1, 3);

        private static final double SIGMA = 0.8;

        Weather(double failing, double failureSeconds, double medianSeconds) {
            this(failing, failureSeconds, medianSeconds, 0);
        }
    }

    /** What a call is told at a time: its answer begins if there is no outcome. */
    private record End(
            long at, long begun, long nanos, @Nullable Outcome outcome, Permit permit) {}

    final FakeTime time = new FakeTime();
    final Breaker breaker;
    final Map<Reason.Rule, Integer> openings = new EnumMap<>(Reason.Rule.class);
    long calls;
    long refused;
    long failed;

    private final Events events = new Events();
    private final SplittableRandom luck = new SplittableRandom(1);
    private final PriorityQueue<End> ends =
            new PriorityQueue<>(Comparator.comparingLong(End::at).thenComparingLong(End::begun));
    private final java.util.Random chance = new java.util.Random(7);
    private BreakerState last = BreakerState.CLOSED;

    Traffic(BreakerSettings settings) {
        breaker = new Breakers(Map.of("weather", settings), Map.of(), time, events, 5, luck::nextDouble)
                .breaker("weather");
    }

    /** Calls arrive for a time, so many a second. */
    void flow(double perSecond, Duration duration, Weather weather) {
        long until = time.nanos() + duration.toNanos();
        long next = time.nanos() + pause(perSecond);
        while (next <= until) {
            endUntil(next);
            call(weather);
            next += pause(perSecond);
        }
        endUntil(until);
    }

    private long pause(double perSecond) {
        return (long) (-1e9 * Math.log(1 - chance.nextDouble()) / perSecond);
    }

    private void call(Weather weather) {
        calls++;
        Admission admission = breaker.admit(CallRequest.to("weather"), time.nanos());
        notice();
        if (!(admission instanceof Permit permit)) {
            refused++;
            return;
        }
        boolean fails = chance.nextDouble() < weather.failing;
        failed += fails ? 1 : 0;
        double seconds = fails
                ? weather.failureSeconds
                : weather.medianSeconds * Math.exp(Weather.SIGMA * chance.nextGaussian());
        Outcome outcome = fails ? Outcome.failure(FailureCause.SERVER_ERROR) : Outcome.SUCCESS;
        long begun = time.nanos();
        long nanos = (long) (seconds * 1e9);
        if (weather.streamSeconds > 0 && !fails) {
            ends.add(new End(begun + nanos, begun, nanos, null, permit));
            long streamed = (long) (weather.streamSeconds * 1e9);
            ends.add(new End(begun + nanos + streamed, begun, nanos, outcome, permit));
        } else {
            ends.add(new End(begun + nanos, begun, nanos, outcome, permit));
        }
    }

    private void endUntil(long nanos) {
        while (!ends.isEmpty() && ends.element().at <= nanos) {
            End end = ends.remove();
            moveTo(end.at);
            if (end.outcome == null) {
                end.permit.answering(end.begun, end.at);
            } else if (end.at > end.begun + end.nanos) {
                end.permit.finishStream(end.outcome, end.begun, end.nanos, end.at);
            } else {
                end.permit.finish(end.outcome, end.begun, end.nanos, end.at);
            }
            notice();
        }
        moveTo(nanos);
    }

    private void moveTo(long nanos) {
        time.advance(Duration.ofNanos(nanos - time.nanos()));
    }

    private void notice() {
        BreakerState state = breaker.state();
        if (state != BreakerState.CLOSED && last == BreakerState.CLOSED) {
            openings.merge(breaker.snapshot().reason().rule(), 1, Integer::sum);
        }
        last = state;
    }

    int opened() {
        return openings.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        events.close();
    }
}
