package io.servicebreaker.call;

import org.jspecify.annotations.Nullable;

/** Two permits, finished in reverse order of granting; the first also when the second throws. */
public record PermitPair(Permit earlier, Permit later) implements Permit {

    @Override
    public void answering(long begunNanos, long nowNanos) {
        earlier.answering(begunNanos, nowNanos);
        later.answering(begunNanos, nowNanos);
    }

    @Override
    public void progressed() {
        earlier.progressed();
        later.progressed();
    }

    @Override
    public @Nullable Backend backend() {
        Backend chosen = earlier.backend();
        return chosen == null ? later.backend() : chosen;
    }

    @Override
    public boolean isLate() {
        return earlier.isLate() || later.isLate();
    }

    @Override
    public void attempted(Outcome outcome, long nowNanos) {
        try {
            later.attempted(outcome, nowNanos);
        } finally {
            earlier.attempted(outcome, nowNanos);
        }
    }

    @Override
    public void finish(Outcome outcome, long begunNanos, long durationNanos, long nowNanos) {
        try {
            later.finish(outcome, begunNanos, durationNanos, nowNanos);
        } finally {
            earlier.finish(outcome, begunNanos, durationNanos, nowNanos);
        }
    }

    @Override
    public void finishStream(Outcome outcome, long begunNanos, long durationNanos, long nowNanos) {
        try {
            later.finishStream(outcome, begunNanos, durationNanos, nowNanos);
        } finally {
            earlier.finishStream(outcome, begunNanos, durationNanos, nowNanos);
        }
    }

    @Override
    public void finish(Outcome outcome, long durationNanos, long nowNanos) {
        try {
            later.finish(outcome, durationNanos, nowNanos);
        } finally {
            earlier.finish(outcome, durationNanos, nowNanos);
        }
    }
}
