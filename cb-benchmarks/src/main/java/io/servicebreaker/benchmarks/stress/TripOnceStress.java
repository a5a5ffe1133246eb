package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.call.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** Two calls fail at once, and each alone opens. */
@JCStressTest
@Outcome(id = "OPEN, 1", expect = Expect.ACCEPTABLE, desc = "It opened once")
@Outcome(expect = Expect.FORBIDDEN, desc = "It did not open exactly once")
@State
public class TripOnceStress {
    private final Race race = new Race(1);
    private final Permit permit = race.permit(0);
    private final Permit another = race.permit(0);

    @Actor
    public void failure() {
        Race.fail(permit, 0);
    }

    @Actor
    public void anotherFailure() {
        Race.fail(another, 0);
    }

    @Arbiter
    public void look(LI_Result result) {
        result.r1 = race.snapshot(0).state();
        result.r2 = race.transitions();
    }
}
