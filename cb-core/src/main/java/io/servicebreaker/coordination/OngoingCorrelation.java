package io.servicebreaker.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Services that fail together, from when that was found until it is over. Of one thread. */
final class OngoingCorrelation {

    private static final double MOST_LIFT = 1e6;

    private final List<FailureTrack> members = new ArrayList<>();
    private final double since;
    private final double hold;
    private final boolean byBursts;

    private JointBursts.@Nullable Found bursts;
    private double lag;
    private double lift;
    private double pValue;
    private long support;
    private double share;
    private double lastEvidence;

    private OngoingCorrelation(double since, double hold, boolean byBursts, double now) {
        this.since = since;
        this.hold = hold;
        this.byBursts = byBursts;
        this.lastEvidence = now;
    }

    static OngoingCorrelation of(JointBursts.Found found, double hold, double now) {
        OngoingCorrelation correlation = new OngoingCorrelation(found.from(), hold, true, now);
        correlation.support = 1;
        correlation.share = 1;
        correlation.extend(found);
        return correlation;
    }

    static OngoingCorrelation of(RepeatedLags.Found pair, double hold, double now) {
        OngoingCorrelation correlation =
                new OngoingCorrelation(pair.first().onsets().get(0), hold, false, now);
        correlation.repeat(pair, now);
        return correlation;
    }

    /** The set has grown. */
    void extend(JointBursts.Found found) {
        bursts = found;
        lag = found.latest() - found.from();
        lift = Math.exp(-found.logExpected());
        pValue = Math.exp(found.logReports());
        for (FailureTrack member : found.members()) {
            if (!members.contains(member)) {
                members.add(member);
                member.correlate(member.burstFailures() - member.failuresNow());
            }
            member.claim();
        }
    }

    /** A pair of which it has at least one was found; one that was found by bursts has both, and needs no more. */
    void repeat(RepeatedLags.Found pair, double now) {
        if (byBursts) {
            return;
        }
        lastEvidence = now;
        if (!members.contains(pair.first())) {
            members.add(pair.first());
        }
        if (!members.contains(pair.second())) {
            members.add(pair.second());
        }
        if (members.size() == 2 || pair.support() > support) {
            lag = pair.lag();
            lift = pair.lift();
            pValue = pair.reports();
            support = pair.support();
            share = Math.min(
                    1,
                    (double) support
                            / Math.max(
                                    pair.first().onsets().count(),
                                    pair.second().onsets().count()));
        }
    }

    /** A second has gone by. */
    void look(double now, Predicate<String> isDown) {
        int goingOn = 0;
        int failing = 0;
        for (FailureTrack member : members) {
            member.correlate(member.failuresNow());
            failing += member.failuresNow() > 0 ? 1 : 0;
            if (byBursts && member.inBurst()) {
                member.claim();
            }
            goingOn += member.inBurst() || isDown.test(member.name()) ? 1 : 0;
        }
        if (byBursts && goingOn >= 2) {
            lastEvidence = now;
            support += failing >= 2 ? 1 : 0;
        }
    }

    boolean isOver(double now) {
        return now - lastEvidence > hold;
    }

    boolean isByBursts() {
        return byBursts;
    }

    JointBursts.@Nullable Found bursts() {
        return bursts;
    }

    List<FailureTrack> members() {
        return members;
    }

    double since() {
        return since;
    }

    double lastEvidence() {
        return lastEvidence;
    }

    /** How strongly the failures of a member belong to it, 0 to 1. */
    double strength(FailureTrack member) {
        double certain = share * (1 - Math.min(1, pValue));
        return !byBursts || member.inBurst() ? certain : certain / 2;
    }

    Correlation view(
            DoubleFunction<Instant> at,
            @Nullable Instant resolvedAt,
            List<CorrelatedService> all,
            ExternalEvents events) {
        List<CorrelatedService> services =
                members.stream().map(FailureTrack::service).toList();
        Instant began = at.apply(since);
        Diagnosis diagnosis = Diagnosis.of(members, all, events.about(services, began));
        return new Correlation(
                members.size() == 2 ? Correlation.Kind.PAIR : Correlation.Kind.GROUP,
                members.stream().map(FailureTrack::name).toList(),
                began,
                resolvedAt,
                support,
                Math.min(MOST_LIFT, lift),
                Math.min(1, pValue),
                Duration.ofMillis(Math.round(lag * 1000)),
                diagnosis.cause(),
                diagnosis.confidence(),
                sentence(diagnosis));
    }

    private String sentence(Diagnosis diagnosis) {
        String names = String.join(
                ", ",
                members.subList(0, members.size() - 1).stream()
                        .map(FailureTrack::name)
                        .toList());
        String last = members.get(members.size() - 1).name();
        String how = byBursts || lag < 1
                ? names + " and " + last + " fail together"
                : last + " fails again and again " + Math.round(lag) + " s after " + names;
        return how + ": " + diagnosis.words() + ".";
    }
}
