package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.benchmarks.floor.FloorWindow;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two results arrive while the bucket that both need still holds those of a minute ago. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both counted, the old ones gone")
@Outcome(expect = Expect.FORBIDDEN, desc = "A result was lost or an old one survived")
@State
public class FloorWindowStress {
    private static final long TURN_NANOS = 64L << 30;

    private final FloorWindow window = new FloorWindow();

    public FloorWindowStress() {
        window.record(0, true);
        window.record(0, false);
    }

    @Actor
    public void success() {
        window.record(TURN_NANOS, true);
    }

    @Actor
    public void failure() {
        window.record(TURN_NANOS, false);
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = window.successes(TURN_NANOS);
        result.r2 = window.failures(TURN_NANOS);
    }
}
