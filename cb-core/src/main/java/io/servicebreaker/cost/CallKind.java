package io.servicebreaker.cost;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The calls of one operation to one model of a service, which cost about the same. Safe for use by many threads. */
final class CallKind {

    /** Of a cost that is not known. */
    static final long UNKNOWN = -1;

    /** A provider that names a higher price for one call is not believed. */
    private static final BigDecimal MOST = Price.HIGHEST_FOR_ONE.toDecimal();

    private static final double SURE = 0.9;
    private static final double HARDLY_SURER = 0.8;
    private static final double GUESSED = 0.3;

    private final PriceList prices;
    private final @Nullable Price price;
    private final long fallback;
    private final RulesByCategory rules;
    private final PastCosts past = new PastCosts();
    private volatile @Nullable Reservation latest;

    /**
     * Creates it.
     *
     * @param price of the model, if it is known
     * @param fallback what a call costs of which nothing is known
     * @param rules for calls of the operation
     */
    CallKind(PriceList prices, @Nullable Price price, long fallback, RulesByCategory rules) {
        this.prices = prices;
        this.price = price;
        this.fallback = fallback;
        this.rules = rules;
    }

    RulesByCategory rules() {
        return rules;
    }

    /** What a call is expected to cost. */
    long estimate(CallRequest request) {
        return switch (method(request)) {
            case TOKENS -> tokens(request);
            case HISTORY -> past.expected();
            case DEFAULT -> Math.max(fallback, tokens(request));
        };
    }

    Estimate explain(CallRequest request) {
        Estimate.Method method = method(request);
        double confidence = switch (method) {
            case TOKENS -> SURE;
            case HISTORY -> Math.min(HARDLY_SURER, past.size() / 100.0);
            case DEFAULT -> GUESSED;
        };
        return new Estimate(new Money(estimate(request)), method, confidence);
    }

    /** Tokens that are sent do not tell what an answer costs. */
    private Estimate.Method method(CallRequest request) {
        if (price != null && (request.outputTokens() > 0 || price.output().billionths() == 0)) {
            return Estimate.Method.TOKENS;
        }
        return past.size() > 0 ? Estimate.Method.HISTORY : Estimate.Method.DEFAULT;
    }

    private long tokens(CallRequest request) {
        return price == null ? 0 : price.of(request.inputTokens(), 0, request.outputTokens(), 1);
    }

    /** What a call has cost, by what is known at its end, or {@link #UNKNOWN}. */
    long cost(Outcome outcome) {
        CallReport report = outcome.report();
        if (report == null) {
            return price != null && price.equals(Price.FREE) ? 0 : UNKNOWN;
        }
        BigDecimal told = report.cost().orElse(null);
        if (told != null && told.signum() >= 0 && told.compareTo(MOST) <= 0) {
            return Money.of(told).billionths();
        }
        Usage usage = report.usage().orElse(null);
        Price paid = report.model().flatMap(prices::find).orElse(price);
        return usage == null || paid == null ? UNKNOWN : paid.of(usage).billionths();
    }

    /** What a call has cost that ended in this way is what those will cost that begin now. */
    void learn(long cost) {
        past.add(cost);
    }

    /** A reservation on a page. Most are like the one before, and one may stand for many calls at a time. */
    Reservation reservation(Page page, long amount, CostGate gate) {
        Reservation known = latest;
        if (known != null && known.isFor(page, amount)) {
            return known;
        }
        Reservation made = new Reservation(gate, this, page, amount);
        latest = made;
        return made;
    }
}
