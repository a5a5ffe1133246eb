package io.servicebreaker.benchmarks;

/** The protected operation: it costs nothing, so what is measured is the protection. */
public final class Answer {
    public static final String ANSWER = "answer";

    private Answer() {}

    public static String get() {
        return ANSWER;
    }

    public static String fail() {
        throw new IllegalStateException("failed on purpose");
    }
}
