package io.servicebreaker.breaker;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether calls of a service are so likely to fail that it is better to refuse them: a sequential test that needs no
 * threshold. Safe for use by many threads; only one at a time looks at what the calls have counted, the others pass by.
 * Looking neither waits nor allocates.
 *
 * <p>A call had better be let through where failures are expected to cost less than refusing calls that would have
 * succeeded. While calls are refused, each adds the chance that it is refused wrongly to an account; when that is worth a
 * probe, the next call is one. So a cheap failure is probed often and one that hangs rarely, and the older the trouble, the
 * more rarely.
 *
 * <p>Calls under way are evidence too: one that ought to have been answered may hang, and one that ought to have failed by now
 * may succeed.
 *
 * <p>Source of weighing the chance of a change against the cost of an alarm: A. N. Shiryaev, <i>On Optimum Methods in Quickest
 * Detection Problems</i>, Theory of Probability and Its Applications 8, 1963.
 */
final class Detector implements CallsUnderWay.Reader {

    /** So much likelier than not must the loss be before calls are refused that were let through. */
    private static final double CAUTION = 1.2;

    /** Share of the cost of a probe that refusing may have cost before one is made. */
    private static final double EAGERNESS = 0.35;

    /** Below it every call is looked at. */
    private static final double UNSUSPICIOUS = 0.99;

    private static final double HEALTHY_ENOUGH_TO_LEARN = 0.9;

    /** Calls that fail together within a second are one misfortune: a row of failures has a rule of its own. */
    private static final long SHORTEST_TROUBLE_NANOS = 1_000_000_000;

    /** Refused calls are looked at so often. */
    private static final long PAUSE_NANOS = 20_000_000;

    /** Results after which it knows the service better than anybody's defaults do. */
    private static final long ENOUGH_RESULTS = 100;

    private static final long NEVER = Long.MAX_VALUE;

    private final TroubleTimes times = new TroubleTimes();
    private final Belief belief = new Belief(times);
    private final Experience experience;
    private final CallsUnderWay calls;
    private final AtomicInteger looking = new AtomicInteger();

    private final double[] logs = new double[Belief.LEVELS];
    private final int[] stages = new int[Experience.STAGES];
    private long succeeded;
    private long failed;
    private long results;
    private long seenRefusals;
    private long lookedAt;
    private double account;
    private boolean hasRefused;

    private volatile long suspiciousSince = NEVER;
    private volatile boolean refusing;
    private volatile boolean experienced;
    private volatile long lookAgainAt;

    Detector(long now) {
        lookedAt = now;
        experience = new Experience(now);
        calls = new CallsUnderWay(now);
    }

    /** A call begins. */
    void begin(long now) {
        calls.begin(now);
    }

    /** A call has got the first piece of its answer: it does not hang. */
    void answering(long begun, long now) {
        calls.answered(begun, now);
    }

    /**
     * A call has ended.
     *
     * @param begun when it began; later than now if nobody knows
     */
    void ended(Outcome outcome, long begun, long durationNanos, long now) {
        switch (verdict(outcome)) {
            case SUCCESS, SLOW -> calls.succeeded(begun, now);
            case FAILURE -> {
                if (begun <= now) {
                    experience.failed(durationNanos); // else nobody knows how long it took
                }
                calls.failed(begun, now);
            }
            case NEUTRAL -> {
                if (outcome.cause() == FailureCause.CANCELLED) {
                    calls.abandoned(begun, now);
                } else {
                    calls.answered(begun, now);
                }
            }
        }
    }

    /**
     * What the end of a call says here: an answer that came too late is one, and a throttled call has failed, unless the
     * provider said when it will not.
     */
    static Verdict verdict(Outcome outcome) {
        return switch (outcome.kind()) {
            case SUCCESS -> Verdict.SUCCESS;
            case FAILURE -> outcome.isLateAnswer() ? Verdict.SLOW : Verdict.FAILURE;
            case IGNORED, NOT_RUN -> isThrottled(outcome) ? Verdict.FAILURE : Verdict.NEUTRAL;
        };
    }

    /** Whether the provider wanted no calls and did not say when it will. */
    static boolean isThrottled(Outcome outcome) {
        return outcome.kind() == Outcome.Kind.IGNORED
                && outcome.cause() == FailureCause.RATE_LIMIT
                && outcome.cooldown() != null
                && outcome.cooldown().isGuess();
    }

    /** Whether something may have changed since the last look. */
    boolean isWorthALook(long now) {
        return suspiciousSince != NEVER || calls.isNew(now);
    }

    /**
     * Looks at what the calls have counted.
     *
     * @param answeredNanos how long the call took that has just succeeded, or -1
     * @return whether calls had better be refused; false if another thread is looking
     */
    boolean refuses(long answeredNanos, long now) {
        if (!looking.compareAndSet(0, 1)) {
            return false;
        }
        try {
            look(answeredNanos, now);
            return experienced && refusing && now - suspiciousSince >= SHORTEST_TROUBLE_NANOS;
        } finally {
            looking.set(0);
        }
    }

    /** As {@link #refuses}, but whether they had better be let through. */
    boolean allows(long answeredNanos, long now) {
        if (!looking.compareAndSet(0, 1)) {
            return false;
        }
        try {
            look(answeredNanos, now);
            return !refusing;
        } finally {
            looking.set(0);
        }
    }

    private void look(long answeredNanos, long now) {
        if (now > lookedAt) {
            belief.pass((now - lookedAt) / 1e9);
            lookedAt = now;
        }
        calls.read(now, this);
        weigh();
        learn(answeredNanos, now);
        decide(now);
    }

    @Override
    public void ended(int stage, int ok, int bad, int others) {
        succeeded += ok;
        failed += bad;
        stages[stage] -= ok + bad + others;
    }

    @Override
    public void overdue(int from, int to, int underWay) {
        stages[from] -= underWay;
        stages[to] += underWay;
    }

    @Override
    public int stage(long ageNanos) {
        return experience.stage(ageNanos);
    }

    /** When a call ends, what was made of it while it was under way is taken back, and its end weighs instead. */
    private void weigh() {
        for (int level = 0; level < Belief.LEVELS; level++) {
            double rate = belief.rate(level);
            double log = succeeded * Math.log1p(-rate) + failed * Math.log(rate);
            for (int stage = 1; stage < stages.length; stage++) {
                if (stages[stage] != 0) {
                    log += stages[stage] * Math.log(experience.underWay(stage, rate));
                }
            }
            logs[level] = log;
        }
        belief.weigh(logs);
    }

    private void learn(long answeredNanos, long now) {
        belief.learn(succeeded, failed);
        results += succeeded + failed;
        experienced = results >= ENOUGH_RESULTS;
        succeeded = 0;
        failed = 0;
        for (int stage = 0; stage < stages.length; stage++) {
            stages[stage] = 0;
        }
        experience.learn(now);
        if (answeredNanos >= 0) {
            experience.succeeded(answeredNanos, 1 - belief.healthy());
            if (belief.healthy() > HEALTHY_ENOUGH_TO_LEARN) {
                experience.answered(answeredNanos);
            }
        }
    }

    private void decide(long now) {
        double failing = belief.failing();
        double lossByAllowing = failing * experience.loss() + belief.answeredInTrouble() * experience.lateness();
        double lossByRefusing = 1 - failing;
        refusing = lossByAllowing > (refusing ? 1 : CAUTION) * lossByRefusing;
        boolean suspicious = belief.healthy() < UNSUSPICIOUS;
        if (suspicious && suspiciousSince == NEVER) {
            suspiciousSince = now;
        }
        hasRefused |= refusing && now - suspiciousSince >= SHORTEST_TROUBLE_NANOS;
        if (!suspicious && suspiciousSince != NEVER) {
            if (hasRefused) {
                times.ended((now - suspiciousSince) / 1e9);
            }
            hasRefused = false;
            suspiciousSince = NEVER;
        }
    }

    /** A closed breaker has opened: refusals count from now on. */
    void opened(long refusals, long now) {
        enter();
        try {
            seenRefusals = refusals;
            account = 0;
            lookAgainAt = now;
        } finally {
            looking.set(0);
        }
    }

    /** The breaker is closed again: of calls that began before nothing more will be heard. */
    void closed(long now) {
        enter();
        try {
            look(-1, now);
            calls.forget();
        } finally {
            looking.set(0);
        }
    }

    /** Somebody knows that the service works. */
    void reset(long now) {
        enter();
        try {
            look(-1, now);
            calls.forget();
            belief.reset();
            decide(now);
        } finally {
            looking.set(0);
        }
    }

    /** Whether a refused call may be worth a probe, as far as can be said without looking. */
    boolean mayProbe(long now) {
        return now >= lookAgainAt;
    }

    /**
     * A call is about to be refused.
     *
     * @param refusals so many in all, this one included
     * @return whether it had better be a probe; false if another thread is looking
     */
    boolean isProbeDue(long refusals, long now) {
        if (!looking.compareAndSet(0, 1)) {
            return false;
        }
        try {
            look(-1, now);
            account += (refusals - seenRefusals) * wronglyRefused();
            seenRefusals = refusals;
            boolean due = !refusing || account >= EAGERNESS * belief.failing() * experience.loss();
            lookAgainAt = now + PAUSE_NANOS;
            return due;
        } finally {
            looking.set(0);
        }
    }

    /** A probe begins, whatever it was due for. */
    void probe(long now) {
        enter();
        try {
            look(-1, now);
            account = 0;
            calls.begin(now);
        } finally {
            looking.set(0);
        }
    }

    /** What refusing a call costs more than letting it through, where it does. */
    private double wronglyRefused() {
        double expected = 0;
        for (int level = 0; level < Belief.LEVELS; level++) {
            double rate = belief.rate(level);
            double answer = 1 - (level == 0 ? 0 : experience.lateness());
            double gain = (1 - rate) * answer - rate * experience.loss();
            expected += gain > 0 ? belief.chance(level) * gain : 0;
        }
        return expected;
    }

    /**
     * A probe has ended.
     *
     * @return whether calls had better be let through again
     */
    boolean probed(Outcome outcome, long begun, long durationNanos, long now) {
        ended(outcome, begun, durationNanos, now);
        Verdict verdict = verdict(outcome);
        boolean answered = verdict == Verdict.SUCCESS || verdict == Verdict.SLOW;
        enter();
        try {
            look(answered ? durationNanos : -1, now);
            return answered && !refusing;
        } finally {
            looking.set(0);
        }
    }

    /** Whether it knows the service better than anybody's defaults do. */
    boolean isExperienced() {
        return experienced;
    }

    /** Whether it knows that calls had better be let through, whatever the defaults say. */
    boolean overrules() {
        return experienced && !refusing;
    }

    /** What was known before the application was started is known again. */
    void recall(PastCalls past, long now) {
        enter();
        try {
            look(-1, now);
            if (past.calls() > 0) {
                belief.recall(past.failing());
                experience.recall(past);
            }
            past.troubleSeconds().forEach(times::ended);
            results += past.calls();
            experienced = results >= ENOUGH_RESULTS;
        } finally {
            looking.set(0);
        }
    }

    /** What is expected of calls now. */
    Expectation expectation(long now) {
        enter();
        try {
            look(-1, now);
            return new Expectation(
                    belief.failing(),
                    belief.rate(0),
                    experience.loss(),
                    experience.medianSeconds(),
                    times.remaining(belief.age()));
        } finally {
            looking.set(0);
        }
    }

    /** Whoever looks is done within microseconds and waits for nobody. */
    private void enter() {
        while (!looking.compareAndSet(0, 1)) {
            Thread.onSpinWait();
        }
    }
}
