package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.breaker.BreakerSnapshot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A success and a failure arrive when the newest bucket is over: one thread begins the next for all. */
@JCStressTest
@Outcome(id = "3, 1", expect = Expect.ACCEPTABLE, desc = "All counted, with the one before")
@Outcome(expect = Expect.FORBIDDEN, desc = "A result was lost or counted twice")
@State
public class BucketRollStress {
    private final Race race = new Race();

    public BucketRollStress() {
        race.succeed(0);
    }

    @Actor
    public void success() {
        race.succeed(Race.BUCKET_NANOS);
    }

    @Actor
    public void failure() {
        race.fail(Race.BUCKET_NANOS);
    }

    @Arbiter
    public void count(II_Result result) {
        BreakerSnapshot seen = race.snapshot(Race.BUCKET_NANOS);
        result.r1 = (int) seen.calls();
        result.r2 = (int) seen.failedCalls();
    }
}
