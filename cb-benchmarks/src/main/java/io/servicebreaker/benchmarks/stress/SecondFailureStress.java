package io.servicebreaker.benchmarks.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** Two failures at once, and two in a row open. */
@JCStressTest
@Outcome(id = "OPEN, 1", expect = Expect.ACCEPTABLE, desc = "Both count, and it opened once")
@Outcome(expect = Expect.FORBIDDEN, desc = "A failure was lost or it opened twice")
@State
public class SecondFailureStress {
    private final Race race = new Race(2);

    @Actor
    public void failure() {
        race.fail(0);
    }

    @Actor
    public void anotherFailure() {
        race.fail(0);
    }

    @Arbiter
    public void look(LI_Result result) {
        result.r1 = race.snapshot(0).state();
        result.r2 = race.transitions();
    }
}
