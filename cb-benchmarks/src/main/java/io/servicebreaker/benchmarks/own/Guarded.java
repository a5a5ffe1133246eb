package io.servicebreaker.benchmarks.own;

import io.servicebreaker.benchmarks.Answer;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.ConcurrencyLimit;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Usage;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.coordination.CoordinationSettings;
import io.servicebreaker.coordination.CorrelatedService;
import io.servicebreaker.coordination.CorrelationSettings;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.coordination.Vitals;
import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Price;
import io.servicebreaker.cost.PriceList;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.time.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** One service with its breaker, and what the starter puts around it. */
public final class Guarded {
    public static final String SERVICE = "answers";
    public static final CallRequest REQUEST = CallRequest.to(SERVICE);

    private static final CallReport USED = CallReport.EMPTY.usage(new Usage(100, 20, 0));
    private static final int PROBES = 10;
    private static final Money DAILY = Money.of("1000000000");
    private static final BudgetLimits WIDE = new BudgetLimits(DAILY, Money.of("9000000000"));

    private final TimeSource time;
    private final Events events;
    private final Breakers breakers;
    private final Breaker breaker;

    public Guarded(BreakerSettings settings, TimeSource time, Events events) {
        this.time = time;
        this.events = events;
        this.breakers = new Breakers(Map.of(SERVICE, settings), time, events, PROBES);
        this.breaker = breakers.breaker(SERVICE);
    }

    public Breaker breaker() {
        return breaker;
    }

    /** A call past the breaker alone, timed as the orchestrator does it. */
    public String call() {
        return call(breaker, time);
    }

    static String call(Breaker breaker, TimeSource time) {
        long start = time.nanos();
        Permit permit = (Permit) breaker.admit(REQUEST, start);
        String answer = Answer.get();
        long end = time.nanos();
        permit.finish(Outcome.SUCCESS, end - start, end);
        return answer;
    }

    /** Guards whole calls by the breaker and then by more gates. */
    public CallOrchestrator orchestrator(Gate... more) {
        List<Gate> gates = new ArrayList<>(List.of(breaker));
        gates.addAll(List.of(more));
        return orchestrator(gates, CallListener.NONE);
    }

    /** Guards whole calls as if other services could matter: what is known of all is asked, and failures are compared. */
    public CallOrchestrator coordinated() {
        SystemHealth system = new SystemHealth(
                CoordinationSettings.DEFAULTS,
                List.of(CoordinatedService.of(SERVICE)),
                breakers,
                time,
                events,
                Vitals.NONE);
        FailureCorrelation correlation = new FailureCorrelation(
                List.of(new CorrelatedService(SERVICE, "", "")),
                new CorrelationSettings(Duration.ofMinutes(5), 0.005),
                service -> false,
                time,
                events);
        return orchestrator(List.of(system.gate(SERVICE), breaker), correlation.listenerFor(SERVICE));
    }

    private CallOrchestrator orchestrator(List<Gate> gates, CallListener listener) {
        ProfileClassifier classifier = new ProfileClassifier(
                ProviderProfiles.bundled().of(ProviderProfiles.GENERIC),
                breaker.snapshot().settings(),
                CooldownSettings.DEFAULTS,
                ExceptionRules.NONE,
                List.of(),
                time);
        Guard guard = new Guard(gates, classifier, listener);
        return new CallOrchestrator(Map.of(SERVICE, guard), time, events, new InternalFaults(time), false);
    }

    /** More calls at a time than any benchmark makes. */
    public static ConcurrencyLimit wideLimit() {
        return new ConcurrencyLimit(1_000_000, Duration.ofMinutes(10));
    }

    /** With a limit on what is spent in a day, and no rules. */
    public CostGate oneBudget() {
        return costGate(new BudgetLimits(DAILY, null), BudgetLimits.NONE, List.of());
    }

    /** With all four budgets, and no rules. */
    public CostGate fourBudgets() {
        return costGate(WIDE, WIDE, List.of());
    }

    /** With all four budgets and the default rules. */
    public CostGate fourBudgetsAndRules() {
        return costGate(WIDE, WIDE, CostRules.DEFAULTS);
    }

    /** No benchmark comes near any limit; there is a price by which each call is estimated and settled. */
    private CostGate costGate(BudgetLimits total, BudgetLimits service, List<CostRule> ruleList) {
        Price price = Price.of(null, null, null, new BigDecimal("0.000000001"), null);
        Budgets budgets = new Budgets(
                total, Map.of(SERVICE, service), ZoneId.of("Europe/Berlin"), time, Duration.ofMinutes(10), events);
        CostRules rules = new CostRules(ruleList, budgets, time, events);
        return new CostGate(SERVICE, budgets, PriceList.of(Map.of(SERVICE, price)), rules, time);
    }

    /** A call that tells at its end what it has used, as each does through the clients that we know. */
    public static String told(CallOrchestrator orchestrator) {
        OngoingCall call = orchestrator.begin(REQUEST);
        String answer = Answer.get();
        call.succeeded(USED);
        return answer;
    }

    /** For callers that cannot throw checked exceptions: the operations here throw none. */
    public static String unchecked(CallOrchestrator orchestrator, Callable<String> operation) {
        try {
            return orchestrator.call(REQUEST, operation);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
