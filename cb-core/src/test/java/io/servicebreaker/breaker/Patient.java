package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One breaker under examination, with a clock that stands still unless it is moved, and without luck unless it is given.
 */
final class Patient implements AutoCloseable {

    static final Duration WINDOW = Duration.ofSeconds(60);
    static final Duration SLOW = Duration.ofSeconds(1);
    static final Duration RECOVERY = Duration.ofSeconds(10);
    static final Duration LONGEST_RECOVERY = Duration.ofSeconds(60);
    static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    static final int THRESHOLD = 3;
    static final int PROBES = 2;

    final FakeTime time = new FakeTime();
    final Breaker breaker;
    double luck;

    private final Events events = new Events();
    private final List<Event> heard = new CopyOnWriteArrayList<>();

    Patient(BreakerSettingsBuilder settings) {
        events.subscribe(this::hear);
        breaker = new Breakers(Map.of("search", settings.build()), Map.of(), time, events, 5, () -> luck)
                .breaker("search");
    }

    Patient() {
        this(settings());
    }

    /** Opens after 3 failures in a row; recovers after 10 s, 20 s, … by 2 probes of at most 5 s. */
    static BreakerSettingsBuilder settings() {
        return BreakerSettings.defaults().toBuilder()
                .failureThreshold(THRESHOLD)
                .errorRateThreshold(0.5)
                .slowCallRateThreshold(0.5)
                .minimumCalls(100)
                .window(WINDOW)
                .slowCallDuration(SLOW)
                .recoveryTimeout(RECOVERY)
                .recoveryBackoffMultiplier(2.0)
                .maxRecoveryTimeout(LONGEST_RECOVERY)
                .recoveryJitter(0.0)
                .halfOpenMaxRequests(PROBES)
                .probeTimeout(PROBE_TIMEOUT);
    }

    Permit begin() {
        Admission admission = ask();
        assertThat(admission).as("answer of %s", breaker).isInstanceOf(Permit.class);
        return (Permit) admission;
    }

    Rejection refused() {
        Admission admission = ask();
        assertThat(admission).as("answer of %s", breaker).isInstanceOf(Rejection.class);
        return (Rejection) admission;
    }

    Admission ask() {
        return breaker.admit(CallRequest.to("search"), time.nanos());
    }

    /** Ends a call that took 1 ms. */
    void end(Permit permit, Outcome outcome) {
        end(permit, outcome, Duration.ofMillis(1));
    }

    void end(Permit permit, Outcome outcome, Duration took) {
        permit.finish(outcome, took.toNanos(), time.nanos());
    }

    void call(Outcome outcome) {
        end(begin(), outcome);
    }

    void succeed() {
        call(Outcome.SUCCESS);
    }

    void succeedSlowly() {
        end(begin(), Outcome.SUCCESS, SLOW.plusNanos(1));
    }

    void fail() {
        call(failure());
    }

    void times(int times, Runnable call) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }

    /** Fails until it is open. */
    void open() {
        times(THRESHOLD, this::fail);
        assertThat(state()).isEqualTo(BreakerState.OPEN);
    }

    /** Opens, waits for the deadline, and has one probe under way. */
    Permit probing() {
        open();
        time.advance(remaining());
        Permit probe = begin();
        assertThat(state()).isEqualTo(BreakerState.HALF_OPEN);
        return probe;
    }

    /** Waits for the deadline and lets enough probes succeed. */
    void recover() {
        time.advance(remaining());
        times(PROBES, this::succeed);
        assertThat(state()).isEqualTo(BreakerState.CLOSED);
    }

    /** Waits for the deadline and lets a probe fail. */
    void failToRecover() {
        time.advance(remaining());
        fail();
        assertThat(state()).isEqualTo(BreakerState.OPEN);
    }

    BreakerState state() {
        return breaker.state();
    }

    BreakerSnapshot snapshot() {
        return breaker.snapshot();
    }

    /** How long it still refuses calls. */
    Duration remaining() {
        Duration remaining = breaker.snapshot().retryAfter();
        assertThat(remaining).as("time that %s still refuses calls", breaker).isNotNull();
        return remaining;
    }

    static Outcome failure() {
        return Outcome.failure(FailureCause.SERVER_ERROR);
    }

    static Outcome failure(Duration retryAfter) {
        return failure().with(asked(retryAfter), null);
    }

    static Cooldown asked(Duration time) {
        return new Cooldown(time, "retry-after");
    }

    static Outcome throttled(Duration retryAfter) {
        return Outcome.ignored(FailureCause.RATE_LIMIT).with(asked(retryAfter), null);
    }

    /** Everything published so far. */
    List<Event> events() {
        CountDownLatch delivered = new CountDownLatch(1);
        events.publish(new Marker(time.now(), "", delivered));
        try {
            assertThat(delivered.await(10, TimeUnit.SECONDS)).as("delivered").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return heard;
    }

    private void hear(Event event) {
        if (event instanceof Marker marker) {
            marker.delivered.countDown();
        } else {
            heard.add(event);
        }
    }

    List<StateChanged> changes() {
        return events().stream()
                .filter(StateChanged.class::isInstance)
                .map(StateChanged.class::cast)
                .toList();
    }

    @Override
    public void close() {
        events.close();
    }

    /** Published last, and delivered after everything else. */
    private record Marker(Instant at, String service, CountDownLatch delivered) implements Event {}
}
