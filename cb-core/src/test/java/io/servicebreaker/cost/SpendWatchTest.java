package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.event.Event;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From noon of the first of March, with a clock that only moves when it is moved. */
class SpendWatchTest {

    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final int A_DAY = 2 * 60 * 24;

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final List<Event> heard = new CopyOnWriteArrayList<>();
    private final AtomicLong spent = new AtomicLong();
    private final Budgets budgets = new Budgets(
            BudgetLimits.NONE,
            Map.of("openai", BudgetLimits.NONE, "quiet", BudgetLimits.NONE),
            ZoneOffset.UTC,
            time,
            Duration.ofMinutes(10),
            events);
    private SpendWatch watch = watch();

    @BeforeEach
    void listen() {
        events.subscribe(heard::add);
    }

    private SpendWatch watch() {
        return new SpendWatch(
                budgets, Map.of("openai", () -> new Money(spent.get()), "quiet", () -> Money.ZERO), time, events);
    }

    @AfterEach
    void close() {
        events.close();
    }

    /** What has been told, to the end. */
    private List<SpendAnomaly> anomalies() {
        events.close();
        return heard.stream().map(SpendAnomaly.class::cast).toList();
    }

    private void spendFor(int halfMinutes, long each) {
        for (int i = 0; i < halfMinutes; i++) {
            spent.addAndGet(each);
            time.advance(watch.untilNextLook());
            watch.look();
        }
    }

    @Test
    void givesBackWhatNobodyWillSettle() {
        CostRules rules = new CostRules(List.of(), budgets, time, events);
        CostGate gate = new CostGate("quiet", budgets, PriceList.of(Map.of()), rules, time);
        gate.admit(CallRequest.to("quiet"), time.nanos());
        assertThat(budgets.reserved("quiet")).hasToString("0.01");

        time.advance(Duration.ofMinutes(11));
        watch.look();

        assertThat(budgets.reserved("quiet")).isEqualTo(Money.ZERO);
    }

    @Test
    void looksAtTheEndOfEachHalfMinute() {
        assertThat(watch.untilNextLook()).isEqualTo(HALF_MINUTE);
        time.advance(Duration.ofSeconds(20));
        assertThat(watch.untilNextLook()).isEqualTo(Duration.ofSeconds(10));
        time.advance(Duration.ofSeconds(40));
        assertThat(watch.untilNextLook()).isZero();
        watch.look();
        assertThat(watch.untilNextLook()).isEqualTo(HALF_MINUTE);
    }

    @Test
    void tellsWhatIsSpentInAnHourByWhatIsThereOfIt() {
        assertThat(watch.total(Period.DAILY).spentPerHour()).isNull();
        spendFor(10, 1_000);
        assertThat(watch.total(Period.DAILY).spentPerHour()).isEqualTo(new Money(120_000));
        spendFor(110, 1_000);
        spendFor(60, 3_000);

        assertThat(watch.service("openai", Period.MONTHLY).spentPerHour()).isEqualTo(new Money(240_000));
        assertThat(watch.service("quiet", Period.DAILY).spentPerHour()).isEqualTo(Money.ZERO);
    }

    @Test
    void doesNotCountWhatWasSpentBeforeItBegan() {
        spent.set(1_000_000);
        watch = watch();

        spendFor(1, 0);

        assertThat(watch.total(Period.DAILY).spentPerHour()).isEqualTo(Money.ZERO);
    }

    @Test
    void takesTheHoursOfTheDayAndTheDaysOfTheMonthAsSamples() {
        time.advance(Duration.ofHours(12));
        watch = watch();
        spendFor(2 * 120, 1_000);
        assertThat(watch.total(Period.DAILY).low()).isNull();
        spendFor(120, 2_000);
        assertThat(watch.total(Period.DAILY).low()).isNotNull();
        assertThat(watch.total(Period.MONTHLY).low()).isNull();

        spendFor(3 * A_DAY - 3 * 120, 1_000);
        spendFor(2 * 120, 1_000);

        assertThat(watch.total(Period.DAILY).low()).isNull();
        assertThat(watch.total(Period.MONTHLY).low()).isNotNull();
        assertThat(watch.service("openai", Period.MONTHLY)).isEqualTo(watch.total(Period.MONTHLY));
    }

    @Test
    void tellsOfALoopWithinTwoMinutesAndThenNotForAnHour() {
        spendFor(A_DAY, 1_000);
        time.advance(Duration.ofSeconds(29));
        spent.addAndGet(1_000);
        Instant begun = time.now();

        spendFor(1, 700);
        spendFor(122, 20_000);

        assertThat(anomalies()).singleElement().satisfies(anomaly -> {
            assertThat(anomaly.service()).isEqualTo("openai");
            assertThat(anomaly.at()).isBetween(begun, begun.plusSeconds(120));
            assertThat(anomaly.observed()).isEqualTo(new Money((1_700 + 2 * 20_000) * 2 / 3));
            assertThat(anomaly.expected()).isEqualTo(new Money(2_000));
            assertThat(anomaly.factor()).isEqualByComparingTo("13.9");
        });
    }

    @Test
    void tellsAgainOfALaterOne() {
        spendFor(A_DAY, 1_000);
        spendFor(10, 20_000);
        spendFor(120, 1_000);

        spendFor(3, 20_000);

        assertThat(anomalies()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "239, 1, 3, 20000", // too early
        "2880, 1, 2, 20000", // too short
        "2880, 1, 3, 4900", // not far enough above
        "2880, 100, 3, 20000", // hardly ever spends
        "2880, 20, 3, 1900" // much for its average, but not for what it spends when it does
    })
    void isQuietAboutWhatMayBeUsual(int learned, int every, int unusual, long amount) {
        for (int i = 0; i < learned; i++) {
            spendFor(1, i % every == 0 ? 1_000 : 0);
        }

        spendFor(unusual, amount);

        assertThat(anomalies()).isEmpty();
    }

    /**
     * Calls that come as chance has it, of which the dearest of a hundred costs a hundred times what the cheapest does. A
     * fortnight each, some with days and nights. Nothing in 24 fortnights with other seeds either, nor where costs differ
     * more.
     */
    @ParameterizedTest
    @CsvSource({"0.05, false", "0.5, false", "2, false", "20, false", "300, false", "2, true", "20, true"})
    void isNotFooledByChance(double callsAMinute, boolean haveNights) {
        Random random = new Random(42);
        DoubleUnaryOperator rate =
                haveNights ? hour -> callsAMinute * (1 + 0.9 * Math.sin(hour * Math.PI / 12)) : hour -> callsAMinute;

        for (int i = 0; i < 14 * A_DAY; i++) {
            spendFor(1, chance(random, rate.applyAsDouble(i / 120.0) / 2));
        }

        assertThat(anomalies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2", "20", "300"})
    void findsTwentyTimesAsMuchAmongChance(double callsAMinute) {
        Random random = new Random(43);
        for (int i = 0; i < A_DAY; i++) {
            spendFor(1, chance(random, callsAMinute / 2));
        }
        Instant begun = time.now();

        for (int i = 0; i < 4; i++) {
            spendFor(1, chance(random, 20 * callsAMinute / 2));
        }

        assertThat(anomalies())
                .singleElement()
                .satisfies(anomaly -> assertThat(anomaly.at()).isBetween(begun, begun.plusSeconds(120)));
    }

    /** What some calls cost, whose number has Poisson's distribution and whose costs have a logarithmic normal one. */
    private static long chance(Random random, double mean) {
        double sum = 0;
        for (double wait = -Math.log(1 - random.nextDouble()); wait < mean; wait -= Math.log(1 - random.nextDouble())) {
            sum += 10_000_000 * Math.exp(random.nextGaussian());
        }
        return (long) sum;
    }
}
