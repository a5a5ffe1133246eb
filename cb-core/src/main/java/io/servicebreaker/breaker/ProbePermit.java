package io.servicebreaker.breaker;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import org.jspecify.annotations.Nullable;

/** Leave to probe. */
final class ProbePermit implements Permit {

    /** Renewing for each piece of a stream would make the threads of its probes contend for nothing. */
    private static final int RENEWALS_IN_A_LEASE = 8;

    private final Breaker breaker;
    private final long stay;
    private final long probe;
    private final ProbePlaces.@Nullable Place place;
    private final long begun;
    private volatile long renewed;

    /**
     * Creates a permit.
     *
     * @param stay number of the stay that granted it
     * @param probe number of the probe in that stay
     * @param place the probe's place among the probes of all services; null if it is only observed and would be made
     *     anyway
     */
    ProbePermit(Breaker breaker, long stay, long probe, ProbePlaces.@Nullable Place place, long now) {
        this.breaker = breaker;
        this.stay = stay;
        this.probe = probe;
        this.place = place;
        this.begun = now;
        this.renewed = now;
    }

    /** Whether the lease is old enough to be renewed; from then on it counts as renewed. */
    private boolean isToBeRenewed(long now) {
        boolean due = now - renewed >= breaker.settings().probeTimeout().toNanos() / RENEWALS_IN_A_LEASE;
        if (due) {
            renewed = now;
        }
        return due;
    }

    @Override
    public boolean isLate() {
        State state = breaker.commanded(breaker.surroundings().time().nanos());
        return breaker.scope().isService() && StateMachine.automatic(state).stay() != stay;
    }

    @Override
    public void answering(long begunNanos, long now) {
        Detector detector = breaker.detector();
        if (detector != null) {
            detector.answering(begunNanos, now);
        }
    }

    /** It does not hang. */
    @Override
    public void progressed() {
        long now = breaker.surroundings().time().nanos();
        if (!isToBeRenewed(now)) {
            return;
        }
        breaker.change(now, state -> breaker.machine().renew(state, stay, probe, now));
        if (place != null) {
            place.renew(now + breaker.settings().probeTimeout().toNanos());
        }
    }

    /** A probe whose first attempt failed has failed: whether a retry helps, the next one will show. */
    @Override
    public void attempted(Outcome outcome, long now) {
        if (breaker.scope().heard(outcome).kind() != Outcome.Kind.NOT_RUN) {
            finish(outcome, now + 1, 0, now);
        }
    }

    @Override
    public void finish(Outcome reported, long durationNanos, long now) {
        finish(reported, begun, durationNanos, now);
    }

    /** That it was under way has been told. */
    @Override
    public void finishStream(Outcome reported, long begunNanos, long durationNanos, long now) {
        finish(reported, Long.MAX_VALUE, durationNanos, now);
    }

    @Override
    public void finish(Outcome reported, long begunNanos, long durationNanos, long now) {
        Outcome outcome = breaker.scope().heard(reported);
        Surroundings surroundings = breaker.surroundings();
        if (place != null) {
            surroundings.places().leave(place);
        }
        Verdict verdict = verdict(outcome, durationNanos);
        String trusted = trusted(outcome, begunNanos, durationNanos, now);
        State before = breaker.change(now, state -> {
            double luck = surroundings.luck().getAsDouble();
            State next = breaker.machine().probed(state, stay, probe, verdict, outcome.cause(), trusted, now, luck);
            return verdict == Verdict.NEUTRAL && isHeardIn(state, now)
                    ? breaker.hold(next, outcome, now)
                    : breaker.extend(next, outcome, now);
        });
        if (!isHeardIn(before, now)) {
            breaker.counts().addLate(outcome);
        } else if (verdict != Verdict.NEUTRAL) {
            breaker.counts().addProbe(verdict == Verdict.FAILURE);
        }
    }

    /** A probe that is throttled has failed, and one that is answered late has not, where the detector knows the service. */
    private Verdict verdict(Outcome outcome, long durationNanos) {
        Detector detector = breaker.detector();
        if (detector != null && detector.isExperienced() && breaker.settings().earlyProbing()) {
            Verdict verdict = Detector.verdict(outcome);
            return verdict == Verdict.SUCCESS ? plainVerdict(outcome, durationNanos) : verdict;
        }
        return plainVerdict(outcome, durationNanos);
    }

    /** Why the end of this probe is enough to let all calls through again, or null if it is not. */
    private @Nullable String trusted(Outcome outcome, long begunNanos, long durationNanos, long now) {
        Detector detector = breaker.detector();
        if (detector == null) {
            return null;
        }
        Outcome said = breaker.wasClosedSince(stay) ? Outcome.NOT_RUN : outcome; // it no longer hangs, and that is all
        boolean works = detector.probed(said, begunNanos, durationNanos, now);
        return works && detector.isExperienced() && breaker.settings().earlyProbing()
                ? "a probe succeeded; " + detector.expectation(now).sentence()
                : null;
    }

    private boolean isHeardIn(State state, long now) {
        return breaker.machine().awaits(state, stay, probe, now);
    }

    private Verdict plainVerdict(Outcome outcome, long durationNanos) {
        return switch (outcome.kind()) {
            case SUCCESS -> outcome.isSlow(durationNanos, breaker.slowNanos()) ? Verdict.SLOW : Verdict.SUCCESS;
            case FAILURE -> Verdict.FAILURE;
            case IGNORED, NOT_RUN -> Verdict.NEUTRAL;
        };
    }
}
