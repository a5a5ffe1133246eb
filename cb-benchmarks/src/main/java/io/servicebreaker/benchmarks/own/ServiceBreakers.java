package io.servicebreaker.benchmarks.own;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A window of 60 s, timed by the operating system's clock; alone and in whole guarded calls. */
@State(Scope.Benchmark)
public class ServiceBreakers {
    private final Events events = new Events();

    public final Guarded guarded = new Guarded(BreakerSettings.defaults(), TimeSource.precise(), events);
    public final CallOrchestrator breakerOnly = guarded.orchestrator();
    public final CallOrchestrator coordinated = guarded.coordinated();
    public final CallOrchestrator allGates = guarded.orchestrator(Guarded.wideLimit());
    public final CallOrchestrator oneBudget = guarded.orchestrator(guarded.oneBudget());
    public final CallOrchestrator fourBudgets = guarded.orchestrator(guarded.fourBudgets());
    public final CallOrchestrator fourBudgetsAndRules = guarded.orchestrator(guarded.fourBudgetsAndRules());

    @TearDown
    public void close() {
        events.close();
    }
}
