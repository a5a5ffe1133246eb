package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.breaker.BreakerSnapshot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two results arrive when those before are exactly as old as the window is long. */
@JCStressTest
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "Both counted, the old ones gone")
@Outcome(expect = Expect.FORBIDDEN, desc = "A result was lost or an old one survived")
@State
public class WindowTurnStress {
    private final Race race = new Race();

    public WindowTurnStress() {
        race.succeed(0);
        race.fail(0);
    }

    @Actor
    public void success() {
        race.succeed(Race.WINDOW_NANOS);
    }

    @Actor
    public void failure() {
        race.fail(Race.WINDOW_NANOS);
    }

    @Arbiter
    public void count(II_Result result) {
        BreakerSnapshot seen = race.snapshot(Race.WINDOW_NANOS);
        result.r1 = (int) seen.calls();
        result.r2 = (int) seen.failedCalls();
    }
}
