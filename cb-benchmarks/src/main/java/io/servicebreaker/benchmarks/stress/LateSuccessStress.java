package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.call.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/** A call succeeds while the failure of another opens. */
@JCStressTest
@Outcome(id = "OPEN, 1", expect = Expect.ACCEPTABLE, desc = "The success changed nothing")
@Outcome(expect = Expect.FORBIDDEN, desc = "The success kept it closed or closed it again")
@State
public class LateSuccessStress {
    private final Race race = new Race(1);
    private final Permit failing = race.permit(0);
    private final Permit succeeding = race.permit(0);

    @Actor
    public void failure() {
        Race.fail(failing, 0);
    }

    @Actor
    public void success() {
        Race.succeed(succeeding, 0);
    }

    @Arbiter
    public void look(LI_Result result) {
        result.r1 = race.snapshot(0).state();
        result.r2 = race.transitions();
    }
}
