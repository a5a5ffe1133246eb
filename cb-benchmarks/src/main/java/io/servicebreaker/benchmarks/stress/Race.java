package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import java.time.Duration;
import java.util.Map;

/** A breaker that threads race for: defaults, one probe at a time. */
final class Race {
    static final long OPEN_NANOS = Duration.ofSeconds(60).toNanos();
    /** A window lasts 60 s and a bucket a twentieth of it. */
    static final long BUCKET_NANOS = Duration.ofSeconds(3).toNanos();

    static final long WINDOW_NANOS = Duration.ofSeconds(60).toNanos();

    private static final int PROBES_OF_ALL_SERVICES = 10;

    private final String name = Transitions.newName();
    private final SteppingTime time = new SteppingTime();
    private final Breaker breaker;

    Race() {
        this(BreakerSettings.defaults().failureThreshold());
    }

    Race(int failureThreshold) {
        BreakerSettings settings = BreakerSettings.defaults().toBuilder()
                .failureThreshold(failureThreshold)
                .recoveryTimeout(Duration.ofNanos(OPEN_NANOS))
                .recoveryJitter(0.0)
                .halfOpenMaxRequests(1)
                .build();
        Map<String, BreakerSettings> services = Map.of(name, settings);
        this.breaker = new Breakers(services, time, Transitions.EVENTS, PROBES_OF_ALL_SERVICES).breaker(name);
    }

    Admission admit(long now) {
        return breaker.admit(Guarded.REQUEST, now);
    }

    Permit permit(long now) {
        return (Permit) admit(now);
    }

    void succeed(long now) {
        succeed(permit(now), now);
    }

    void fail(long now) {
        fail(permit(now), now);
    }

    static void succeed(Permit permit, long now) {
        permit.finish(Outcome.SUCCESS, 0, now);
    }

    static void fail(Permit permit, long now) {
        permit.finish(Outcome.failure(FailureCause.SERVER_ERROR), 0, now);
    }

    BreakerSnapshot snapshot(long now) {
        time.moveTo(now);
        return breaker.snapshot();
    }

    /** Changes of state so far; to be asked once. */
    int transitions() {
        return Transitions.of(name);
    }
}
