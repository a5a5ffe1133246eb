package io.servicebreaker.cost.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.cost.BudgetCrossed;
import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.Price;
import io.servicebreaker.cost.PriceList;
import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** One run of an application that spends, and whose writer works when it is told to. */
final class Books {

    private static final PriceList PRICES =
            PriceList.of(Map.of("model", Price.of(new BigDecimal(1000), new BigDecimal(1000), null, null, null)));

    final SpendRecorder recorder;
    final Budgets budgets;
    final LedgerWriter writer;

    private final FakeTime time;
    private final Events events = new Events();
    private final List<Integer> crossed = new CopyOnWriteArrayList<>();
    private final Map<String, CostGate> gates = new HashMap<>();

    Books(SpendLedger ledger, Path directory, FakeTime time) {
        this(ledger, directory, time, time);
    }

    Books(SpendLedger ledger, Path directory, FakeTime time, TimeSource ofRecords) {
        this.time = time;
        events.subscribe(BudgetCrossed.class, event -> crossed.add(event.percent()));
        BudgetLimits total = new BudgetLimits(Money.of("100"), null);
        Map<String, BudgetLimits> services = Map.of("openai", BudgetLimits.NONE, "perplexity", BudgetLimits.NONE);
        this.budgets = new Budgets(total, services, ZoneOffset.UTC, time, Duration.ofMinutes(10), events);
        CostRules rules = new CostRules(List.of(), budgets, time, events);
        this.recorder = new SpendRecorder(ofRecords);
        budgets.services().forEach(name -> gates.put(name, new CostGate(name, budgets, PRICES, rules, time, recorder)));
        this.writer = new LedgerWriter(ledger, recorder, budgets, directory, time);
    }

    Permit begin(String service, String expected) {
        return begin(service, expected, "research");
    }

    Permit begin(String service, String expected, String category) {
        int tokens = new BigDecimal(expected).movePointRight(3).intValueExact();
        CallRequest request = CallRequest.to(service)
                .model("model")
                .operation("answer")
                .category(category)
                .estimatedTokens(tokens - 1, 1);
        return (Permit) gates.get(service).admit(request, time.nanos());
    }

    void end(Permit call, String cost) {
        CallReport report = CallReport.EMPTY.cost(new BigDecimal(cost));
        call.finish(Outcome.SUCCESS.with(null, report), 0, time.nanos());
    }

    void spend(String service, String cost) {
        end(begin(service, cost), cost);
    }

    /** What the threads of the writer do now and then. */
    void write() {
        writer.collect();
        writer.store();
    }

    String spentToday() {
        return budgets.total(Period.DAILY).spent().toString();
    }

    void assertSpentToday(String service, String amount) {
        assertThat(budgets.service(service, Period.DAILY).spent()).hasToString(amount);
    }

    /** Percent of the budget of which has been told that it is used; to be asked at the end. */
    List<Integer> crossed() {
        events.close();
        return crossed;
    }
}
