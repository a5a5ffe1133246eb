package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** Calls one by one, as the history sees them by the minute and as the real breaker sees them. */
final class GuardedStream {

    private static final double NANOS = 1e9;

    private record Call(double start, double seconds, boolean fails) {
        double end() {
            return start + seconds;
        }
    }

    private record Ending(double at, Call call, Permit permit) {}

    /**
     * What the real breaker did.
     *
     * @param failures failed calls that it let through
     * @param refusals refused calls that would have succeeded
     */
    record Result(double loss, double failures, double refusals) {}

    private final List<Call> calls = new ArrayList<>();

    void call(double start, double seconds, boolean fails) {
        calls.add(new Call(start, seconds, fails));
    }

    /** As if no breaker had been there. */
    List<CallMinute> history(Instant origin) {
        Map<Long, Minutes> minutes = new TreeMap<>();
        Map<Long, Integer> longest = new TreeMap<>();
        int run = 0;
        for (Call call :
                calls.stream().sorted(Comparator.comparingDouble(Call::end)).toList()) {
            long index = (long) (call.end() / 60);
            Minutes minute = minutes.computeIfAbsent(index, i -> Minutes.at(origin.plusSeconds(60 * i)));
            Duration took = Duration.ofNanos((long) (call.seconds * NANOS));
            run = call.fails ? run + 1 : 0;
            longest.merge(index, run, Math::max);
            minute = call.fails ? minute.failed(1, took) : minute.good(1, took);
        }
        minutes.forEach((index, minute) -> minute.run(longest.get(index)));
        return minutes.values().stream().map(Minutes::build).toList();
    }

    Result guardedBy(BreakerSettings settings) {
        FakeTime time = new FakeTime();
        double origin = time.nanos() / NANOS;
        Events events = new Events();
        Breaker breaker = new Breakers(Map.of(Minutes.SERVICE, settings), time, events, 1000).breaker(Minutes.SERVICE);
        PriorityQueue<Ending> endings = new PriorityQueue<>(Comparator.comparingDouble(Ending::at));
        double failures = 0;
        double refusals = 0;
        double loss = 0;
        for (Call call :
                calls.stream().sorted(Comparator.comparingDouble(Call::start)).toList()) {
            finishUntil(call.start, endings, time, origin);
            set(time, origin + call.start);
            if (breaker.admit(CallRequest.to(Minutes.SERVICE), time.nanos()) instanceof Permit permit) {
                endings.add(new Ending(call.end(), call, permit));
                failures += call.fails ? 1 : 0;
                loss += call.fails
                        ? 0.5 + Math.min(60, call.seconds) / 30
                        : Math.max(0, (Math.min(60, call.seconds) - 20) / 30);
            } else {
                refusals += call.fails ? 0 : 1;
                loss += call.fails ? 0 : 1;
            }
        }
        events.close();
        return new Result(loss, failures, refusals);
    }

    private static void finishUntil(double until, PriorityQueue<Ending> endings, FakeTime time, double origin) {
        while (!endings.isEmpty() && endings.peek().at <= until) {
            Ending ending = endings.remove();
            set(time, origin + ending.at);
            Outcome outcome = ending.call.fails ? Outcome.failure(FailureCause.SERVER_ERROR) : Outcome.SUCCESS;
            ending.permit.finish(outcome, (long) (ending.call.seconds * NANOS), time.nanos());
        }
    }

    private static void set(FakeTime time, double seconds) {
        time.advance(Duration.ofNanos((long) (seconds * NANOS) - time.nanos()));
    }
}
