package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.call.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two calls arrive when an open breaker may be probed by one. */
@JCStressTest
@Outcome(
        id = {"1, 0, 1", "0, 1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "One of them probes")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not exactly one probes")
@State
public class OneProbeStress {
    private final Race race = new Race(1);

    public OneProbeStress() {
        race.fail(0);
    }

    @Actor
    public void admit(III_Result result) {
        result.r1 = race.admit(Race.OPEN_NANOS) instanceof Permit ? 1 : 0;
    }

    @Actor
    public void admitAnother(III_Result result) {
        result.r2 = race.admit(Race.OPEN_NANOS) instanceof Permit ? 1 : 0;
    }

    @Arbiter
    public void count(III_Result result) {
        result.r3 = race.snapshot(Race.OPEN_NANOS).probesUnderWay();
    }
}
