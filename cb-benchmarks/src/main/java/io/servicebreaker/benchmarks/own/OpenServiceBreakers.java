package io.servicebreaker.benchmarks.own;

import io.servicebreaker.benchmarks.Answer;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Opened by failures, for a day. */
@State(Scope.Benchmark)
public class OpenServiceBreakers {
    private static final BreakerSettings SETTINGS = BreakerSettings.defaults().toBuilder()
            .recoveryTimeout(Duration.ofDays(1))
            .maxRecoveryTimeout(Duration.ofDays(1))
            .build();

    private final Events unheard = new Events();
    private final Events heard = new Events();

    public final CallOrchestrator open = opened(unheard);
    public final CallOrchestrator openListener = opened(heard);

    public OpenServiceBreakers() {
        heard.subscribe(event -> {});
    }

    @TearDown
    public void close() {
        unheard.close();
        heard.close();
    }

    private static CallOrchestrator opened(Events events) {
        Guarded guarded = new Guarded(SETTINGS, TimeSource.precise(), events);
        CallOrchestrator orchestrator = guarded.orchestrator(Guarded.wideLimit());
        while (guarded.breaker().state() != BreakerState.OPEN) {
            fail(orchestrator);
        }
        return orchestrator;
    }

    private static void fail(CallOrchestrator orchestrator) {
        try {
            Guarded.unchecked(orchestrator, Answer::fail);
        } catch (IllegalStateException expected) {
            // the failure is the point
        }
    }
}
