package io.servicebreaker.benchmarks.own;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.CoarseTime;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same as {@link ServiceBreakers} with the opt-in clock. Apart, because its thread would disturb the others. */
@State(Scope.Benchmark)
public class CoarseServiceBreakers {
    private final Events events = new Events();
    private final CoarseTime time = new CoarseTime();

    public final Guarded guarded = new Guarded(BreakerSettings.defaults(), time, events);
    public final CallOrchestrator allGates = guarded.orchestrator(Guarded.wideLimit());

    @TearDown
    public void close() {
        time.close();
        events.close();
    }
}
