package io.servicebreaker.call;

/** Two permits, finished in reverse order of granting; the first also when the second throws. */
record PermitPair(Permit earlier, Permit later) implements Permit {

    @Override
    public void progressed() {
        earlier.progressed();
        later.progressed();
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
