package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.call.Permit;
import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.cost.CostRule;
import io.servicebreaker.cost.CostRules;
import io.servicebreaker.cost.Money;
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
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Two calls ask for the money of one within the window of a rate that turns between them, and a third asks later. */
@JCStressTest
@Outcome(id = "true, false, false", expect = Expect.ACCEPTABLE, desc = "The first has it")
@Outcome(id = "false, true, false", expect = Expect.ACCEPTABLE, desc = "The second has it")
@Outcome(id = "false, false, .*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Both found the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "More was spent than the rate allows")
@State
public class RateTurnStress {
    private static final BudgetLimits NO_LIMIT = BudgetLimits.NONE;
    private static final Money PRICE = Money.of("10");
    private static final PriceList PRICES =
            PriceList.of(Map.of(Guarded.SERVICE, Price.of(null, null, null, PRICE.toDecimal(), null)));
    private static final CostRule FIFTEEN_AN_HOUR =
            CostRule.of("rate", CostRule.Type.RATE, new BigDecimal(15)).block().build();
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final Events UNHEARD = new Events();

    private final SteppingTime time = new SteppingTime();
    private final Budgets budgets = new Budgets(
            NO_LIMIT, Map.of(Guarded.SERVICE, NO_LIMIT), ZoneOffset.UTC, time, Duration.ofHours(9), UNHEARD);
    private final CostGate gate = new CostGate(
            Guarded.SERVICE, budgets, PRICES, new CostRules(List.of(FIFTEEN_AN_HOUR), budgets, time, UNHEARD), time);

    @Actor
    public void before(ZZZ_Result result) {
        result.r1 = admits(MINUTE - 1);
    }

    @Actor
    public void after(ZZZ_Result result) {
        result.r2 = admits(MINUTE);
    }

    @Arbiter
    public void later(ZZZ_Result result) {
        result.r3 = admits(MINUTE + 1);
    }

    private boolean admits(long now) {
        return gate.admit(Guarded.REQUEST, now) instanceof Permit;
    }
}
