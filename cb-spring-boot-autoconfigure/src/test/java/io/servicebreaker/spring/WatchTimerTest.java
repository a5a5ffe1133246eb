package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.Budgets;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendWatch;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class WatchTimerTest {

    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(FakeTime.class, () -> time)
            .withPropertyValues("service-breaker.services.openai.provider=openai");

    @Test
    void looksWhenAHalfMinuteHasPassedAlsoInAContextThatWasStoppedAndStarted() {
        runner.run(context -> {
            SpendWatch watch = context.getBean(ServiceCosts.class).watch();
            context.stop();
            assertThat(spending(context).isRunning()).isFalse();
            time.advance(HALF_MINUTE);
            assertThat(watch.untilNextLook()).isZero();

            context.start();

            Awaitility.await().until(() -> watch.untilNextLook().equals(HALF_MINUTE));
        });
    }

    @Test
    void needsNoThreadWhereNothingIsSpent() {
        runner.withPropertyValues("service-breaker.services.openai.coordinate-with-cost-breaker=false")
                .run(context -> assertThat(spending(context).isRunning()).isFalse());
    }

    @Test
    void looksAgainAfterALookThatFails() {
        AtomicInteger asked = new AtomicInteger();
        InternalFaults faults = new InternalFaults(time);
        try (Events events = new Events()) {
            Budgets budgets = new Budgets(
                    BudgetLimits.NONE,
                    Map.of("openai", BudgetLimits.NONE),
                    ZoneOffset.UTC,
                    time,
                    Duration.ofMinutes(10),
                    events);
            SpendWatch watch = new SpendWatch(budgets, Map.of("openai", () -> failing(asked)), time, events);
            time.advance(HALF_MINUTE);
            WatchTimer timer = new WatchTimer("spending", watch::look, watch::untilNextLook, true, faults);

            timer.start();
            Awaitility.await().until(() -> watch.untilNextLook().equals(HALF_MINUTE));
            timer.stop();
        }

        assertThat(faults.count()).isOne();
    }

    private static WatchTimer spending(BeanFactory context) {
        return context.getBean("serviceBreakerSpendWatchTimer", WatchTimer.class);
    }

    /** Fails when it is looked at for the first time; before, the watch begins with it. */
    private static Money failing(AtomicInteger asked) {
        if (asked.incrementAndGet() == 3) {
            throw new IllegalStateException("broken");
        }
        return Money.ZERO;
    }
}
