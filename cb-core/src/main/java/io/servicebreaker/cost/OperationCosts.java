package io.servicebreaker.cost;

import java.util.Locale;

/** What a call costs of which nothing is known but its operation: the defaults of the design, in dollars. */
final class OperationCosts {

    private static final long EMBEDDING = Money.of("0.001").billionths();
    private static final long DOCUMENT = Money.of("0.02").billionths();
    private static final long BATCH = Money.of("0.05").billionths();
    private static final long QUESTION = Money.of("0.01").billionths();

    private OperationCosts() {}

    static long of(String operation) {
        String type = operation.toLowerCase(Locale.ROOT);
        if (type.contains("embed")) {
            return EMBEDDING;
        }
        if (type.contains("batch")) {
            return BATCH;
        }
        return type.contains("document") ? DOCUMENT : QUESTION;
    }
}
