package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Services that spend under rules, at noon of the first of March, with a clock that only moves when it is moved. */
final class Spender implements AutoCloseable {

    /** A thousand tokens for one. */
    private static final PriceList PRICES = PriceList.of(Map.of(
            "model", Price.of(new BigDecimal(1000), new BigDecimal(1000), null, null, null), "free", Price.FREE));

    final FakeTime time = new FakeTime();
    final Budgets budgets;
    final CostRules rules;
    final CostGate gate;

    private final Events events = new Events();
    private final List<Event> heard = new CopyOnWriteArrayList<>();

    Spender(BudgetLimits total, CostRule... rules) {
        events.subscribe(heard::add);
        Map<String, BudgetLimits> services = Map.of("openai", BudgetLimits.NONE, "perplexity", BudgetLimits.NONE);
        this.budgets = new Budgets(total, services, ZoneOffset.UTC, time, Duration.ofMinutes(10), events);
        this.rules = new CostRules(List.of(rules), budgets, time, events);
        this.gate = gate("openai");
    }

    CostGate gate(String service) {
        return new CostGate(service, budgets, PRICES, rules, time);
    }

    static BudgetLimits daily(String limit) {
        return new BudgetLimits(Money.of(limit), null);
    }

    static CostRuleBuilder rule(String id, CostRule.Type type, String value) {
        return CostRule.of(id, type, new BigDecimal(value)).cooldown(Duration.ZERO);
    }

    /** A call that is expected to cost an amount, exact to a thousandth. */
    static CallRequest asking(String price) {
        int tokens = new BigDecimal(price).movePointRight(3).intValueExact();
        return CallRequest.to("openai").model("model").estimatedTokens(tokens - 1, 1);
    }

    Admission ask(String price) {
        return ask(asking(price));
    }

    Admission ask(CallRequest request) {
        return gate.admit(request, time.nanos());
    }

    boolean admits(String price) {
        return ask(price) instanceof Permit;
    }

    Rejection refusal(String price) {
        return refusal(asking(price));
    }

    Rejection refusal(CallRequest request) {
        return (Rejection) ask(request);
    }

    /** Makes a call that costs what was expected. */
    void spend(String price) {
        spend(price, price);
    }

    void spend(String expected, String cost) {
        Admission answer = ask(expected);
        assertThat(answer).isInstanceOf(Permit.class);
        end((Permit) answer, cost);
    }

    void end(Permit call, String cost) {
        end(call, cost, Duration.ZERO);
    }

    void end(Permit call, String cost, Duration lasted) {
        call.finish(
                Outcome.SUCCESS.with(null, CallReport.EMPTY.cost(new BigDecimal(cost))),
                lasted.toNanos(),
                time.nanos());
    }

    void later(Duration length) {
        time.advance(length);
    }

    /** What has been told: in words, to the end. */
    List<String> told() {
        events.close();
        return heard.stream().map(Spender::inWords).toList();
    }

    private static String inWords(Event event) {
        if (event instanceof CostRuleMatched matched) {
            return matched.rule().id() + " matches " + matched.found().toPlainString();
        }
        if (event instanceof CostRuleEnded ended) {
            return ended.rule().id() + " ended";
        }
        if (event instanceof CostRulesOverridden overridden) {
            return overridden.by() + " overrides " + overridden.service() + " for " + overridden.expiresIn() + ": "
                    + overridden.reason();
        }
        BudgetCrossed crossed = (BudgetCrossed) event;
        return crossed.percent() + " % of " + crossed.limit() + ": " + crossed.spent();
    }

    @Override
    public void close() {
        events.close();
    }
}
