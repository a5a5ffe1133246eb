package io.servicebreaker.benchmarks.peer;

/** Calls that fail in order to open a breaker. */
final class Failing {
    private Failing() {}

    static void ignore(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException expected) {
            // the failure is the point
        }
    }
}
