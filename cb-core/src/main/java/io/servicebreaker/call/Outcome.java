package io.servicebreaker.call;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended, in our words. Immutable; the outcomes that carry no more than a cause are shared.
 *
 * @param kind what the call says about the service
 * @param cause why it failed; absent after a success and for a call that was not made
 * @param scope what the failure says something about
 * @param cooldown how long the scope is not to be called because of it, if anybody said so
 * @param report what else the call told us, if anything
 * @param remark what its kind does not say, if anything
 * @param alarm why the scope is to be closed off at once because of this failure, for people; null if its window decides
 * @param inTime whether the model may take longer than the service otherwise does, and has not
 */
public record Outcome(
        Kind kind,
        @Nullable FailureCause cause,
        RejectionScope scope,
        @Nullable Cooldown cooldown,
        @Nullable CallReport report,
        @Nullable Remark remark,
        @Nullable String alarm,
        boolean inTime) {

    /** What the kind of an outcome does not say. */
    public enum Remark {
        /** The caller gave up when the answer had begun, and will be billed for what it has got. */
        ANSWER_BEGUN,
        /** What was looked up is there. */
        HIT,
        /** What was looked up is not there. */
        MISS,
        /** An answer has come, later than calls are waited for. */
        ANSWERED_LATE,
        /** The last attempt within the call has told already what the call says about the service. */
        ALREADY_COUNTED,
        /** The last attempt within the call has told already that the service does not work. */
        FAILURE_COUNTED
    }

    /** What a call says about the service. */
    public enum Kind {
        /** The service works. */
        SUCCESS,
        /** The service does not work. */
        FAILURE,
        /** Nothing: the caller gave up or is to blame. */
        IGNORED,
        /** Nothing: a later gate refused the call. */
        NOT_RUN
    }

    /** The service works. */
    public static final Outcome SUCCESS = new Outcome(Kind.SUCCESS, null, RejectionScope.SERVICE, null, null, null);
    /** The service works, and did not take longer than this model may. */
    public static final Outcome SUCCESS_IN_TIME =
            new Outcome(Kind.SUCCESS, null, RejectionScope.SERVICE, null, null, null, null, true);
    /** The service works, and has what was looked up. */
    public static final Outcome HIT = SUCCESS.remarked(Remark.HIT);
    /** The service works, and does not have what was looked up. */
    public static final Outcome MISS = SUCCESS.remarked(Remark.MISS);
    /** A later gate refused the call. */
    public static final Outcome NOT_RUN = new Outcome(Kind.NOT_RUN, null, RejectionScope.SERVICE, null, null, null);

    /** The caller gave up before anything of the answer had arrived. */
    public static final Outcome CANCELLED;
    /** The caller gave up when the answer had begun. */
    public static final Outcome CANCELLED_WHILE_ANSWERING;

    private static final Map<FailureCause, Outcome> FAILURES =
            shared(cause -> new Outcome(Kind.FAILURE, cause, RejectionScope.SERVICE, null, null, null));
    private static final Map<FailureCause, Outcome> IGNORED =
            shared(cause -> new Outcome(Kind.IGNORED, cause, RejectionScope.SERVICE, null, null, null));

    static {
        CANCELLED = ignored(FailureCause.CANCELLED);
        CANCELLED_WHILE_ANSWERING = CANCELLED.remarked(Remark.ANSWER_BEGUN);
    }

    /** An outcome that raises no alarm. */
    public Outcome(
            Kind kind,
            @Nullable FailureCause cause,
            RejectionScope scope,
            @Nullable Cooldown cooldown,
            @Nullable CallReport report,
            @Nullable Remark remark) {
        this(kind, cause, scope, cooldown, report, remark, null, false);
    }

    /** A failure that counts against the service. */
    public static Outcome failure(FailureCause cause) {
        return Objects.requireNonNull(FAILURES.get(cause));
    }

    /** A failure that says nothing about the service. */
    public static Outcome ignored(FailureCause cause) {
        return Objects.requireNonNull(IGNORED.get(cause));
    }

    /** This outcome with what the call told us. */
    public Outcome with(@Nullable Cooldown newCooldown, @Nullable CallReport callReport) {
        return newCooldown == null && callReport == null
                ? this
                : new Outcome(kind, cause, scope, newCooldown, callReport, remark, alarm, inTime);
    }

    /** This outcome as one that says something about another scope. */
    public Outcome of(RejectionScope newScope) {
        return newScope == scope ? this : new Outcome(kind, cause, newScope, cooldown, report, remark, alarm, inTime);
    }

    /** This outcome with a remark. */
    public Outcome remarked(Remark newRemark) {
        return new Outcome(kind, cause, scope, cooldown, report, newRemark, alarm, inTime);
    }

    /** This failure as one that closes its scope off at once, with the reason for people. */
    public Outcome alarming(String reason) {
        return new Outcome(kind, cause, scope, cooldown, report, remark, reason, inTime);
    }

    /** Whether it failed only because its answer came too late. */
    public boolean isLateAnswer() {
        return remark == Remark.ANSWERED_LATE;
    }

    /** This success as one that did not take longer than its model may. */
    public Outcome timely() {
        return equals(SUCCESS)
                ? SUCCESS_IN_TIME
                : new Outcome(kind, cause, scope, cooldown, report, remark, alarm, true);
    }

    /** This outcome of a call that looked something up: after a success it tells whether that is there. */
    Outcome ofLookup(Outcome hitOrMiss) {
        if (kind != Kind.SUCCESS || remark != null || hitOrMiss.remark == null) {
            return this;
        }
        return cooldown == null && report == null && !inTime ? hitOrMiss : remarked(hitOrMiss.remark);
    }

    /**
     * Whether the call took too long.
     *
     * @param slowNanos longer calls are slow, unless the classifier knows better
     */
    public boolean isSlow(long durationNanos, long slowNanos) {
        return durationNanos > slowNanos && !inTime;
    }

    /**
     * Whether whoever knows how the last attempt within the call failed learns nothing from this end of the call. A failure
     * of the service was one of the model too.
     */
    boolean saysNoMoreThan(Outcome lastAttempt) {
        boolean sameKind = kind == lastAttempt.kind && kind != Kind.SUCCESS;
        return sameKind && alarm == null && (scope == lastAttempt.scope || lastAttempt.scope == RejectionScope.SERVICE);
    }

    /** What is left to say at the end of a call whose last attempt has been counted. */
    Outcome alreadyCounted() {
        Remark counted = kind == Kind.FAILURE ? Remark.FAILURE_COUNTED : Remark.ALREADY_COUNTED;
        return new Outcome(Kind.IGNORED, cause, scope, null, report, counted);
    }

    /** Whether the last attempt within the call has told already what the call says about the service. */
    public boolean isCounted() {
        return remark == Remark.ALREADY_COUNTED || remark == Remark.FAILURE_COUNTED;
    }

    /** How the call itself ended, whatever has been told of it before. */
    public Kind end() {
        return remark == Remark.FAILURE_COUNTED ? Kind.FAILURE : kind;
    }

    /** This outcome of a call that may have named no model or credential: what it says then goes for the whole service. */
    Outcome of(CallRequest request) {
        return switch (scope) {
            case MODEL -> request.model().isEmpty() ? of(RejectionScope.SERVICE) : this;
            case CREDENTIAL -> request.credential().isEmpty() ? of(RejectionScope.SERVICE) : this;
            default -> this;
        };
    }

    private static Map<FailureCause, Outcome> shared(Function<FailureCause, Outcome> make) {
        return Arrays.stream(FailureCause.values())
                .collect(Collectors.toMap(
                        Function.identity(), make, (a, b) -> a, () -> new EnumMap<>(FailureCause.class)));
    }
}
