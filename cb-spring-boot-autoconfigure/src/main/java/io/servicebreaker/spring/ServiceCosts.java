package io.servicebreaker.spring;

import io.servicebreaker.call.Gate;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.cost.BudgetView;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.FailClosedGate;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.cost.SpendWatch;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.CostProperties.OnFailure;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the calls of each service cost, and the budgets that they are kept within. Safe for use by many threads. */
public final class ServiceCosts {

    private final Currency currency;
    private final OnFailure onFailure;
    private final Budgets budgets;
    private final CostRules rules;
    private final Map<String, CostGate> gates = new LinkedHashMap<>();
    private final Set<String> limited;
    private final SpendWatch watch;

    /** Asked late, as the ledger needs the budgets. */
    private final Supplier<@Nullable LedgerWriter> ledger;

    ServiceCosts(
            CostSettings settings,
            ConfiguredServices services,
            TimeSource time,
            Events events,
            @Nullable SpendRecorder recorder,
            Supplier<@Nullable LedgerWriter> ledger) {
        this.ledger = ledger;
        this.currency = settings.currency();
        this.onFailure = settings.onFailure();
        this.budgets =
                new Budgets(settings.total(), settings.services(), settings.zone(), time, lease(services), events);
        this.rules = new CostRules(settings.rules(), budgets, time, events);
        this.limited = settings.limited();
        settings.services()
                .keySet()
                .forEach(name -> gates.put(
                        name,
                        new CostGate(
                                name, budgets, services.service(name).pricing().prices(), rules, time, recorder)));
        Map<String, Supplier<Money>> spent = new LinkedHashMap<>();
        gates.forEach((name, gate) -> spent.put(name, gate::spent));
        this.watch = new SpendWatch(budgets, spent, time, events);
    }

    /** Calls of all services are booked in the same budgets. */
    private static Duration lease(ConfiguredServices services) {
        return services.all().stream()
                .map(Guards::lease)
                .max(Duration::compareTo)
                .orElse(Guards.SHORTEST_LEASE);
    }

    /** In which all money is counted. */
    public Currency currency() {
        return currency;
    }

    /** What may be spent and has been. */
    public Budgets budgets() {
        return budgets;
    }

    /** Share that is used of the budgets for the calls of a service: of the one of which most is used; 0 if there is none. */
    public double budgetUsed(String service) {
        if (!budgets.services().contains(service)) {
            return 0;
        }
        return Stream.of(Period.values())
                .flatMap(period -> Stream.of(budgets.total(period), budgets.service(service, period)))
                .mapToDouble(BudgetView::used)
                .filter(used -> !Double.isNaN(used))
                .max()
                .orElse(0);
    }

    /** The rules on what the calls of all services cost. */
    public CostRules rules() {
        return rules;
    }

    /** How fast money goes, and where to. */
    public SpendWatch watch() {
        return watch;
    }

    /** What the calls of a service cost, if they are priced. */
    public Optional<CostGate> of(String service) {
        return Optional.ofNullable(gates.get(service));
    }

    /** Whether anything limits what the calls of a service cost, so that it matters what they are expected to. */
    boolean limit(String service) {
        return limited.contains(service);
    }

    /** The gate of a service whose calls are kept within budgets. */
    Optional<Gate> gate(String service, InternalFaults faults) {
        return of(service)
                .map(gate -> onFailure == OnFailure.BLOCK ? new FailClosedGate(gate, known(service), faults) : gate);
    }

    /** Whether it is known what was spent before; of a service that nothing limits, nobody needs to. */
    private BooleanSupplier known(String service) {
        LedgerWriter writer = limit(service) ? ledger.get() : null;
        return writer == null ? () -> true : writer::knowsWhatWasSpent;
    }
}
