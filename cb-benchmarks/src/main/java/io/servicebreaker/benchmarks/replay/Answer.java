package io.servicebreaker.benchmarks.replay;

/**
 * What became of a call.
 *
 * @param seconds until that was known
 */
record Answer(Kind kind, double seconds) {

    enum Kind {
        OK(200),
        RATE_LIMITED(429),
        BROKEN(500),
        OVERLOADED(503),
        /** No answer at all. */
        TIMEOUT(0);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    boolean isFailure() {
        return kind != Kind.OK;
    }
}
