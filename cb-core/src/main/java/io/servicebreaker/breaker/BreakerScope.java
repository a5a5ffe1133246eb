package io.servicebreaker.breaker;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;

/**
 * What a breaker judges: a service as a whole, or one of its backends, models or credentials.
 *
 * @param level {@code SERVICE}, also for a backend, {@code MODEL} or {@code CREDENTIAL}
 * @param id the model's id or the credential's name; empty for the service and for a backend
 * @param backend id of the backend that it judges, or at which it judges a model or credential; empty for any
 */
public record BreakerScope(RejectionScope level, String id, String backend) {

    /** The service as a whole. */
    public static final BreakerScope SERVICE = new BreakerScope(RejectionScope.SERVICE, "", "");

    static BreakerScope model(String id) {
        return new BreakerScope(RejectionScope.MODEL, id, "");
    }

    static BreakerScope credential(String name) {
        return new BreakerScope(RejectionScope.CREDENTIAL, name, "");
    }

    static BreakerScope backend(String id) {
        return new BreakerScope(RejectionScope.SERVICE, "", id);
    }

    /** This scope where another one, of a service or a backend, has it. */
    BreakerScope within(BreakerScope around) {
        return new BreakerScope(level, id, around.backend);
    }

    boolean isService() {
        return level == RejectionScope.SERVICE && backend.isEmpty();
    }

    /**
     * What an outcome says here. A model suffers from what its service suffers from, unless that was never reached; a
     * credential only from being refused itself.
     */
    Outcome heard(Outcome outcome) {
        boolean concerns = outcome.scope() == level || outcome.kind() == Outcome.Kind.SUCCESS || isModelsToo(outcome);
        return concerns ? outcome : Outcome.NOT_RUN;
    }

    private boolean isModelsToo(Outcome outcome) {
        return level == RejectionScope.MODEL
                && outcome.scope() == RejectionScope.SERVICE
                && outcome.cause() != FailureCause.CONNECTION;
    }

    /** A longer call is slow. A credential makes no call slow. */
    long slowNanos(BreakerSettings settings) {
        return level == RejectionScope.CREDENTIAL
                ? Long.MAX_VALUE
                : settings.slowCallDuration().toNanos();
    }

    /** The refusal as the caller should hear it. */
    Rejection refined(Rejection rejection) {
        if (isService()) {
            return rejection;
        }
        boolean unhealthy = level == RejectionScope.MODEL
                && (rejection.reason() == RejectionReason.OPEN || rejection.reason() == RejectionReason.HALF_OPEN_FULL);
        return new Rejection(
                unhealthy ? RejectionReason.MODEL_UNHEALTHY : rejection.reason(),
                level,
                rejection.retryAfterNanos(),
                this + ": " + rejection.explanation());
    }

    /** Of a service's name. */
    String nameWithin(String service) {
        return isService() ? service : service + " " + this;
    }

    @Override
    public String toString() {
        String where = backend.isEmpty() ? "" : " at backend " + backend;
        return switch (level) {
            case MODEL -> "model " + id + where;
            case CREDENTIAL -> "credential " + id + where;
            default -> isService() ? "service" : "backend " + backend;
        };
    }
}
