package io.servicebreaker.breaker;

import io.servicebreaker.call.Backend;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;

/** Leave to call one backend. Its failure is the service's only if there is no other backend to be called. */
final class BackendPermit implements Permit {

    private final Backends owner;
    private final Deployment deployment;
    private final Permit ofService;
    private final Permit ofScopes;
    private final Permit own;

    BackendPermit(Backends owner, Deployment deployment, Permit ofService, Permit ofScopes, Permit own) {
        this.owner = owner;
        this.deployment = deployment;
        this.ofService = ofService;
        this.ofScopes = ofScopes;
        this.own = own;
    }

    boolean isOf(Permit service, Permit scopes, Permit backend) {
        return ofService == service && ofScopes == scopes && own == backend;
    }

    @Override
    public Backend backend() {
        return deployment.backend();
    }

    @Override
    public void answering(long begunNanos, long now) {
        own.answering(begunNanos, now);
        ofScopes.answering(begunNanos, now);
        ofService.answering(begunNanos, now);
    }

    @Override
    public void progressed() {
        own.progressed();
        ofScopes.progressed();
        ofService.progressed();
    }

    @Override
    public boolean isLate() {
        return own.isLate() || ofScopes.isLate() || ofService.isLate();
    }

    @Override
    public void attempted(Outcome outcome, long now) {
        own.attempted(outcome, now);
        ofScopes.attempted(Backends.forTheScopes(outcome), now);
        ofService.attempted(owner.forTheService(deployment, outcome), now);
        owner.follow(now);
    }

    @Override
    public void finish(Outcome outcome, long durationNanos, long now) {
        finish(outcome, now - durationNanos, durationNanos, now);
    }

    @Override
    public void finish(Outcome outcome, long begunNanos, long durationNanos, long now) {
        try {
            own.finish(outcome, begunNanos, durationNanos, now);
            deployment.heard(outcome, durationNanos, now);
        } finally { // where one of them is broken, the others would wait for their probe for long
            try {
                ofScopes.finish(Backends.forTheScopes(outcome), begunNanos, durationNanos, now);
            } finally {
                ofService.finish(owner.forTheService(deployment, outcome), begunNanos, durationNanos, now);
            }
        }
        owner.follow(now);
    }

    /** Only the breaker of the service knows which calls are under way. */
    @Override
    public void finishStream(Outcome outcome, long begunNanos, long durationNanos, long now) {
        finish(outcome, Long.MAX_VALUE, durationNanos, now);
    }

    /** The backend is not called, though it may still be another one. */
    void giveBack(long now) {
        ofScopes.finish(Outcome.NOT_RUN, 0, now);
        own.finish(Outcome.NOT_RUN, 0, now);
    }
}
