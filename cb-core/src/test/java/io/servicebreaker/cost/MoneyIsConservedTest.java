package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever calls do, and whenever: each budget has spent what the calls that began in its period have cost, and reserves
 * what those are expected to cost that have neither ended nor outlived their lease. The budgets are held against books that
 * note each call down.
 */
class MoneyIsConservedTest {

    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Events EVENTS = new Events();
    private static final List<String> SERVICES = List.of("openai", "perplexity");

    private enum Kind {
        BEGIN,
        SETTLE,
        RELEASE,
        WAIT
    }

    private record Step(Kind kind, int choice, int amount) {}

    @Property(tries = 1000)
    void inAnyOrderOfEvents(@ForAll("steps") List<Step> steps) {
        Books books = new Books();

        for (Step step : steps) {
            books.take(step);

            books.check();
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(5, Kind.BEGIN),
                                Tuple.of(3, Kind.SETTLE),
                                Tuple.of(1, Kind.RELEASE),
                                Tuple.of(2, Kind.WAIT)),
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.integers().between(0, 3000))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    private static final class Call {
        final String service;
        final Permit permit;
        final long amount;
        final Instant began;
        final long beganNanos;

        Call(String service, Permit permit, long amount, Instant began, long beganNanos) {
            this.service = service;
            this.permit = permit;
            this.amount = amount;
            this.began = began;
            this.beganNanos = beganNanos;
        }
    }

    private record Spent(String service, Instant began, long cost) {}

    private static final class Books {

        private final FakeTime time = new FakeTime();
        private final Budgets budgets;
        private final Map<String, CostGate> gates = new LinkedHashMap<>();
        private final List<Call> underWay = new ArrayList<>();
        private final List<Spent> spent = new ArrayList<>();

        Books() {
            time.advance(Duration.ofDays(13).plusHours(11)); // the day before the clocks are changed
            Map<String, BudgetLimits> limits = new LinkedHashMap<>();
            limits.put("openai", new BudgetLimits(Money.of("8"), null));
            limits.put("perplexity", new BudgetLimits(null, Money.of("30")));
            budgets = new Budgets(new BudgetLimits(Money.of("12"), Money.of("40")), limits, ZONE, time, LEASE, EVENTS);
            CostRules rules = new CostRules(CostRules.DEFAULTS, budgets, time, EVENTS);
            PriceList prices = PriceList.of(
                    Map.of("model", Price.of(new BigDecimal(1000), new BigDecimal(1000), null, null, null)));
            SERVICES.forEach(name -> gates.put(name, new CostGate(name, budgets, prices, rules, time)));
        }

        void take(Step step) {
            switch (step.kind()) {
                case BEGIN -> begin(SERVICES.get(step.choice() % SERVICES.size()), step.amount());
                case SETTLE -> end(step.choice(), step.amount() * 1_000_000L);
                case RELEASE -> end(step.choice(), 0);
                case WAIT -> time.advance(Duration.ofMinutes((long) step.choice() * step.choice() / 300));
            }
        }

        private void begin(String service, int tokens) {
            CallRequest request = CallRequest.to(service).model("model").estimatedTokens(tokens, 1);
            Admission answer = gates.get(service).admit(request, time.nanos());
            long amount = (tokens + 1) * 1_000_000L;
            if (answer instanceof Permit permit) {
                underWay.add(new Call(service, permit, amount, time.now(), time.nanos()));
            } else {
                assertThat(((Rejection) answer).retryAfterNanos()).isPositive();
            }
        }

        private void end(int choice, long cost) {
            if (underWay.isEmpty()) {
                return;
            }
            Call call = underWay.remove(choice % underWay.size());
            Outcome outcome = cost == 0
                    ? Outcome.NOT_RUN
                    : Outcome.SUCCESS.with(null, CallReport.EMPTY.cost(BigDecimal.valueOf(cost, 9)));
            call.permit.finish(outcome, 0, time.nanos());
            spent.add(new Spent(call.service, call.began, cost));
        }

        void check() {
            budgets.expire(time.nanos());
            for (Period period : Period.values()) {
                check(budgets.total(period), period, SERVICES);
                SERVICES.forEach(service -> check(budgets.service(service, period), period, List.of(service)));
            }
        }

        private void check(BudgetView budget, Period period, List<String> services) {
            Instant begin = period.begin(time.now(), ZONE);
            long cost = spent.stream()
                    .filter(call ->
                            services.contains(call.service()) && !call.began().isBefore(begin))
                    .mapToLong(Spent::cost)
                    .sum();
            List<Call> own = underWay.stream()
                    .filter(call -> services.contains(call.service) && !call.began.isBefore(begin))
                    .toList();
            long surely = own.stream()
                    .filter(call -> time.nanos() - call.beganNanos < LEASE.toNanos())
                    .mapToLong(call -> call.amount)
                    .sum();
            long perhaps = own.stream().mapToLong(call -> call.amount).sum();

            assertThat(budget.spent().billionths())
                    .as("%s %s spent", services, period)
                    .isEqualTo(cost);
            assertThat(budget.reserved().billionths())
                    .as("%s %s reserved", services, period)
                    .isBetween(surely, perhaps);
        }
    }
}
