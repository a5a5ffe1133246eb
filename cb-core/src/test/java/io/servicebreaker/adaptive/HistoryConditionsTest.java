package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.adaptive.Conditions.Kind;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** What history tells of the moment. */
class HistoryConditionsTest {

    private final FakeTime time = new FakeTime();
    private final Kept kept = new Kept();
    private final HistoryConditions conditions = new HistoryConditions(kept, service -> 0.25, time);

    @Test
    void nothingIsKnownWithoutHistory() {
        Conditions now = conditions.apply("chat");

        assertThat(now.usualCallsPerSecond()).isNaN();
        assertThat(now.usualErrorRate()).isNaN();
        assertThat(now.budgetUsed()).isEqualTo(0.25);
        for (Kind kind : Kind.values()) {
            assertThat(now.factor(kind)).isEqualTo(1);
        }
    }

    @Test
    void whatWasCalledAtThisTimeOfDayIsUsual() {
        week(minute -> minute.getEpochSecond() % 86_400 < 43_200 ? 0 : 120);

        Conditions now = conditions.apply("chat"); // a second past noon

        assertThat(now.usualCallsPerSecond()).as("two of the three hours").isCloseTo(4.0 / 3, within(1e-9));
    }

    @Test
    void twiceAsManyCallsAsUsualAreALoad() {
        week(minute -> 120);
        recent(240, 0);

        Conditions now = conditions.apply("chat");

        assertThat(now.callsPerSecond()).isEqualTo(4);
        assertThat(now.usualCallsPerSecond()).isCloseTo(2, within(1e-9));
    }

    @Test
    void aFewCallsMoreThanUsualAreChance() {
        week(minute -> 2);
        recent(3, 0); // 15 for 10

        Conditions now = conditions.apply("chat");

        assertThat(now.callsPerSecond()).isEqualTo(now.usualCallsPerSecond());
        assertThat(now.factor(Kind.LOAD)).isEqualTo(1);
    }

    @Test
    void manyMoreFailuresThanUsualAreATrend() {
        week(minute -> 100);
        recent(100, 30);

        Conditions now = conditions.apply("chat");

        assertThat(now.errorRate()).isEqualTo(0.3);
        assertThat(now.usualErrorRate()).isZero();
        assertThat(now.factor(Kind.TREND)).isLessThan(0.5);
    }

    @Test
    void aSingleFailureIsNoTrend() {
        week(minute -> 100);
        kept.add("chat", "", minutesAgo(3), 100, 1);

        assertThat(conditions.apply("chat").factor(Kind.TREND)).isEqualTo(1);
    }

    @Test
    void failuresAmongFewCallsAreNoTrend() {
        week(minute -> 100);
        recent(3, 3);

        assertThat(conditions.apply("chat").factor(Kind.TREND)).isEqualTo(1);
    }

    @Test
    void callsThatAreRefusedOrThrottledAreALoadToo() {
        week(minute -> 120);
        for (int i = 6; i > 1; i--) {
            kept.append(List.of(Minutes.at(minutesAgo(i))
                    .good(10)
                    .throttled(20)
                    .open(60, 90)
                    .build("chat")));
        }

        Conditions now = conditions.apply("chat");

        assertThat(now.callsPerSecond()).isEqualTo(now.usualCallsPerSecond());
        assertThat(now.factor(Kind.LOAD)).isEqualTo(1);
    }

    @Test
    void callsThatAreUsuallyThrottledAreUsual() {
        for (long i = 8 * 24 * 60; i > 1; i--) {
            kept.append(List.of(Minutes.at(minutesAgo(i)).good(60).throttled(60).build("chat")));
        }

        Conditions now = conditions.apply("chat");

        assertThat(now.usualCallsPerSecond()).isCloseTo(2, within(1e-9));
        assertThat(now.factor(Kind.LOAD)).isEqualTo(1);
    }

    @Test
    void callsOfModelsAreThoseOfTheService() {
        week(minute -> 120);
        recent(120, 0);
        for (int i = 6; i > 1; i--) {
            kept.add("chat", "small", minutesAgo(i), 120, 0);
        }

        assertThat(conditions.apply("chat").callsPerSecond()).isCloseTo(2, within(1e-9));
    }

    @Test
    void theHistoryIsReadOnceAMinuteAndAWeekOfItOnceAnHour() {
        conditions.apply("chat");
        conditions.apply("chat");
        assertThat(kept.reads).isEqualTo(2);

        time.advance(Duration.ofMinutes(1));
        conditions.apply("chat");
        assertThat(kept.reads).isEqualTo(3);

        time.advance(Duration.ofHours(1));
        conditions.apply("chat");
        assertThat(kept.reads).isEqualTo(5);
    }

    @Test
    void aStoreThatIsDownIsNotWaitedForOnceForEachService() {
        HistoryConditions down = new HistoryConditions(
                new HistoryStore() {
                    @Override
                    public void append(List<CallMinute> minutes) {}

                    @Override
                    public void read(String service, Instant since, Consumer<CallMinute> reader) {
                        kept.reads++;
                        time.advance(Duration.ofSeconds(30));
                        throw new IllegalStateException("no connection");
                    }

                    @Override
                    public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
                        read(service, since, reader);
                    }
                },
                service -> 0.25,
                time);

        assertThatThrownBy(() -> down.apply("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> down.apply("b")).isInstanceOf(IllegalStateException.class);

        assertThat(kept.reads).isEqualTo(1);
    }

    private Instant minutesAgo(long minutes) {
        return time.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(minutes));
    }

    @Test
    void loadIsNotJudgedBeforeADayIsKnown() {
        for (long i = 25 * 60 - 1; i > 120; i--) {
            kept.add("chat", "", minutesAgo(i), 120, 0);
        }
        assertThat(conditions.apply("chat").usualCallsPerSecond()).isNaN();

        time.advance(Duration.ofHours(1));

        assertThat(conditions.apply("chat").usualCallsPerSecond()).isCloseTo(2, within(1e-9));
    }

    @Test
    void aDayThatIsNotKnownWholeDoesNotCount() {
        for (long i = 48 * 60; i > 120; i--) {
            kept.add("chat", "", minutesAgo(i), 120, 0);
        }

        assertThat(conditions.apply("chat").usualCallsPerSecond()).isCloseTo(2, within(1e-9));
    }

    @Test
    void aDayOnWhichTheApplicationWasDownDoesNotCount() {
        for (long i = 8 * 24 * 60; i > 120; i--) {
            long hour =
                    (i + 12 * 60) / 60 % 48; // days from midnight to midnight, each other one without the last hours
            if (hour < 22) {
                kept.add("chat", "", minutesAgo(i), 120, 0);
            }
        }

        assertThat(conditions.apply("chat").usualCallsPerSecond()).isCloseTo(2, within(1e-9));
    }

    /** More than a week that ended two hours ago, without failures. */
    private void week(ToLongFunction<Instant> calls) {
        for (long i = 8 * 24 * 60; i > 120; i--) {
            Instant start = minutesAgo(i);
            kept.add("chat", "", start, calls.applyAsLong(start), 0);
        }
    }

    /** The last five minutes that are written. */
    private void recent(long calls, long failed) {
        for (int i = 6; i > 1; i--) {
            kept.add("chat", "", minutesAgo(i), calls, failed);
        }
    }

    private final class Kept implements HistoryStore {

        private final HistoryStore memory = HistoryStore.inMemory(Duration.ofDays(30), time);
        private int reads;

        void add(String service, String model, Instant start, long calls, long failed) {
            long[] answers = new long[Latencies.BUCKETS];
            answers[40] = calls - failed;
            append(List.of(new CallMinute(
                    service,
                    model,
                    start,
                    new Latencies(answers),
                    failed == 0 ? Map.of() : Map.of(FailureCause.SERVER_ERROR, failed),
                    Latencies.NONE,
                    Map.of(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    BigDecimal.ZERO)));
        }

        @Override
        public void append(List<CallMinute> minutes) {
            memory.append(minutes);
        }

        @Override
        public void read(String service, Instant since, Consumer<CallMinute> reader) {
            reads++;
            memory.read(service, since, reader);
        }

        @Override
        public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
            reads++;
            memory.readHours(service, since, reader);
        }
    }
}
