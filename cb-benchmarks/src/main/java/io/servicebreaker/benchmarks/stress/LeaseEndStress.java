package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Permit;
import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.BudgetView;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.Price;
import io.servicebreaker.cost.PriceList;
import io.servicebreaker.event.Events;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A call that has outlived its lease ends while another asks for the money that was reserved for it. */
@JCStressTest
@Outcome(id = "3, 10", expect = Expect.ACCEPTABLE, desc = "The lease ended first")
@Outcome(id = "3, 0", expect = Expect.ACCEPTABLE, desc = "The call ended first: too little is left")
@Outcome(expect = Expect.FORBIDDEN, desc = "A reservation was given back twice or never")
@State
public class LeaseEndStress {
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final long LATE = LEASE.plusMinutes(2).toNanos();
    private static final BudgetLimits LIMIT = new BudgetLimits(new Money(10), null);
    private static final PriceList PRICES =
            PriceList.of(Map.of(Guarded.SERVICE, Price.of(null, null, null, new Money(10).toDecimal(), null)));
    private static final io.servicebreaker.call.Outcome THREE =
            io.servicebreaker.call.Outcome.SUCCESS.with(null, CallReport.EMPTY.cost(BigDecimal.valueOf(3, 9)));

    private static final Events UNHEARD = new Events();

    private final SteppingTime time = new SteppingTime();
    private final Budgets budgets =
            new Budgets(LIMIT, Map.of(Guarded.SERVICE, BudgetLimits.NONE), ZoneOffset.UTC, time, LEASE, UNHEARD);
    private final CostGate gate =
            new CostGate(Guarded.SERVICE, budgets, PRICES, new CostRules(List.of(), budgets, time, UNHEARD), time);
    private final Permit outlived = (Permit) gate.admit(Guarded.REQUEST, 0);

    @Actor
    public void end() {
        outlived.finish(THREE, 0, LATE);
    }

    @Actor
    public void ask() {
        gate.admit(Guarded.REQUEST, LATE);
    }

    @Arbiter
    public void look(II_Result result) {
        BudgetView today = budgets.total(Period.DAILY);
        result.r1 = (int) today.spent().billionths();
        result.r2 = (int) today.reserved().billionths();
    }
}
