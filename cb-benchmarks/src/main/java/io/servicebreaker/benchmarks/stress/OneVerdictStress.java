package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.ConcurrencyLimit;
import io.servicebreaker.call.OngoingCall;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call is told to have succeeded and to have failed at once. */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It ended once")
@Outcome(expect = Expect.FORBIDDEN, desc = "It ended twice or not at all")
@State
public class OneVerdictStress {
    private final RuntimeException error = new IllegalStateException("failed on purpose");

    private final Guarded guarded = new Guarded(BreakerSettings.defaults(), new SteppingTime(), Transitions.EVENTS);
    private final ConcurrencyLimit limit = Guarded.wideLimit();
    private final OngoingCall call = guarded.orchestrator(limit).begin(Guarded.REQUEST);

    @Actor
    public void success() {
        call.succeeded();
    }

    @Actor
    public void failure() {
        call.failed(error);
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = limit.underWay();
        result.r2 = (int) guarded.breaker().snapshot().calls();
    }
}
