package io.servicebreaker.cost;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.PromptTokens;
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
    private static final double ENOUGH = 100;

    private final PriceList prices;
    private final @Nullable Price price;
    private final long fallback;
    private final RulesByCategory rules;
    private final PastCosts past = new PastCosts();
    /** Tokens of answers, once a prompt was counted whose answer has no limit. */
    private volatile @Nullable PastCosts pastOutput;
    /** Numbers of searches, once there were any. */
    private volatile @Nullable PastCosts pastSearches;

    private volatile @Nullable Reservation latest;
    private final KindTotals totals;
    /** Not volatile: an older one does no harm. */
    private Estimate.Method latestMethod = Estimate.Method.DEFAULT;

    /**
     * Creates it.
     *
     * @param price of the model, if it is known
     * @param fallback what a call costs of which nothing is known
     * @param rules for calls of the operation
     * @param totals to which its calls are added
     */
    CallKind(PriceList prices, @Nullable Price price, long fallback, RulesByCategory rules, KindTotals totals) {
        this.prices = prices;
        this.price = price;
        this.fallback = fallback;
        this.rules = rules;
        this.totals = totals;
    }

    RulesByCategory rules() {
        return rules;
    }

    /** What a call is expected to cost. */
    long estimate(CallRequest request) {
        Estimate.Method method = method(request);
        if (method != latestMethod) {
            latestMethod = method;
        }
        return amount(method, request);
    }

    Estimate explain(CallRequest request) {
        Estimate.Method method = method(request);
        boolean limited = method == Estimate.Method.COUNTED && isLimited(request.prompt());
        return new Estimate(new Money(amount(method, request)), method, confidence(method, limited));
    }

    private static boolean isLimited(@Nullable PromptTokens prompt) {
        return prompt != null && prompt.mostOutput() > 0;
    }

    private double confidence(Estimate.Method method, boolean answerIsLimited) {
        return switch (method) {
            case TOKENS -> SURE;
            case COUNTED -> answerIsLimited || answersAreFree() ? HARDLY_SURER : confidence(pastOutput);
            case HISTORY -> confidence(past);
            case DEFAULT -> GUESSED;
        };
    }

    private static double confidence(@Nullable PastCosts past) {
        return past == null ? 0 : Math.min(HARDLY_SURER, past.size() / ENOUGH);
    }

    private Estimate.Method method(CallRequest request) {
        if (price != null && tell(price, request)) {
            return Estimate.Method.TOKENS;
        }
        if (price != null && request.prompt() != null && tell(request.prompt())) {
            return Estimate.Method.COUNTED;
        }
        return past.areKnown() ? Estimate.Method.HISTORY : Estimate.Method.DEFAULT;
    }

    /** Whether given tokens do. Those that are sent do not tell what an answer costs. */
    private boolean tell(Price known, CallRequest request) {
        return request.outputTokens() > 0
                || (answersAreFree()
                        && (request.inputTokens() > 0 || known.input().billionths() == 0));
    }

    private boolean tell(PromptTokens prompt) {
        if (prompt.input() == 0) {
            return false;
        }
        if (isLimited(prompt) || answersAreFree()) {
            return true;
        }
        PastCosts answers = pastOutput;
        if (answers == null) {
            pastOutput = new PastCosts(); // from now on; who asks at the same time may lose one
        }
        return answers != null && answers.areKnown();
    }

    private boolean answersAreFree() {
        return price != null && price.output().billionths() == 0;
    }

    private long amount(Estimate.Method method, CallRequest request) {
        return switch (method) {
            case TOKENS -> tokens(request.inputTokens(), request.outputTokens());
            case COUNTED -> tokens(input(request), answerTo(request.prompt()));
            case HISTORY -> past.expected();
            case DEFAULT -> price == null ? fallback : Math.max(fallback, tokens(input(request), 0));
        };
    }

    private static int input(CallRequest request) {
        PromptTokens prompt = request.prompt();
        return prompt == null || request.inputTokens() > 0 ? request.inputTokens() : prompt.input();
    }

    /** As many tokens as it may have, so that no answer costs more than was reserved. */
    private int answerTo(@Nullable PromptTokens prompt) {
        return prompt != null && isLimited(prompt) ? prompt.mostOutput() : expected(pastOutput);
    }

    private static int expected(@Nullable PastCosts past) {
        return past == null || !past.areKnown() ? 0 : (int) Math.min(Integer.MAX_VALUE, past.expected());
    }

    private long tokens(int input, int output) {
        return price == null ? 0 : price.of(input, 0, output, expected(pastSearches));
    }

    /**
     * What a call has cost, by what is known at its end, or {@link #UNKNOWN}.
     *
     * @param usage that its report tells
     */
    long cost(Outcome outcome, @Nullable Usage usage) {
        CallReport report = outcome.report();
        if (report == null) {
            return price != null && price.equals(Price.FREE) ? 0 : UNKNOWN;
        }
        BigDecimal told = report.costOrNull();
        if (told != null && told.signum() >= 0 && told.compareTo(MOST) <= 0) {
            return Money.of(told).billionths();
        }
        return usage == null ? UNKNOWN : priced(usage, report.modelOrNull());
    }

    private long priced(Usage usage, @Nullable String model) {
        Price answered = model == null ? null : prices.find(model).orElse(null);
        Price paid = answered == null ? price : answered;
        return paid == null ? UNKNOWN : paid.billionths(usage);
    }

    /**
     * A call has ended. What it has cost is what those will cost that begin now.
     *
     * @param usage that its report tells
     * @param estimate what it was expected to cost
     * @param cost what is booked
     * @param known whether that is what it has cost
     */
    void ended(@Nullable Usage usage, long estimate, long cost, boolean known) {
        if (known) {
            totals.add(usage, estimate, cost);
        } else {
            totals.addAssumed(usage, cost);
        }
        if (totals.isResting()) {
            return;
        }
        boolean alone = learn(cost, known);
        alone &= learn(usage);
        if (!alone) {
            totals.rest();
        }
    }

    private boolean learn(long cost, boolean known) {
        return !known || past.add(cost);
    }

    /** False if another call is learned from at the same moment. */
    private boolean learn(@Nullable Usage usage) {
        if (usage == null) {
            return true;
        }
        PastCosts answers = pastOutput;
        boolean alone = answers == null || answers.add(usage.output());
        PastCosts searches = pastSearches;
        if (searches == null && usage.searches() > 0) {
            searches = new PastCosts();
            pastSearches = searches;
        }
        return (searches == null || searches.add(usage.searches())) && alone;
    }

    /** What its calls have cost, or were taken to. */
    long spent() {
        return totals.spent();
    }

    /** What its calls have cost, in detail. The confidence is that of a call whose answer has no limit. */
    CallCosts costs(String model, String operation) {
        Estimate.Method method = latestMethod;
        return totals.costs(model, operation, method, confidence(method, pastOutput == null));
    }

    /**
     * A reservation on a page. Most are like the one before, and one may stand for many calls at a time, unless they are to
     * be told apart.
     */
    Reservation reservation(Page page, long amount, CostGate gate, CallRequest request, String correlation) {
        if (!correlation.isEmpty()) {
            return new Reservation(gate, this, page, amount, request.withoutPrompt(), correlation);
        }
        Reservation known = latest;
        if (known != null && known.isFor(page, amount, request)) {
            return known;
        }
        Reservation made = new Reservation(gate, this, page, amount, request.withoutPrompt(), "");
        latest = made;
        return made;
    }
}
