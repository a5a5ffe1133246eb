package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.Expectation;
import io.servicebreaker.breaker.PastCalls;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WarmStartTest {

    private static final Duration WINDOW = Duration.ofDays(30);

    private final FakeTime time = new FakeTime();
    private final HistoryStore store = HistoryStore.inMemory(WINDOW, time);
    private final InternalFaults faults = new InternalFaults(time);
    private final Instant begin = Instant.parse("2026-01-01T00:00:00Z");

    @AutoClose
    private final Events events = new Events();

    private final Breaker breaker =
            new Breakers(Map.of(Minutes.SERVICE, BreakerSettings.defaults()), time, events, 5).breaker(Minutes.SERVICE);

    WarmStartTest() {
        time.advance(Duration.between(time.now(), begin.plus(Duration.ofDays(1))));
    }

    @Test
    void whatWasUsualIsUsualAfterARestart() {
        store.append(List.of(
                minute(0)
                        .good(485, Duration.ofSeconds(9))
                        .failed(15, Duration.ofSeconds(30))
                        .build(),
                minute(90)
                        .good(485, Duration.ofSeconds(9))
                        .failed(15, Duration.ofSeconds(30))
                        .build()));

        tell(store);

        Expectation expected = breaker.expectation().orElseThrow();
        assertThat(expected.usuallyFailing()).isCloseTo(0.03, within(0.0001));
        assertThat(expected.usualSeconds()).isCloseTo(9, within(1.0));
        assertThat(expected.lossByFailure()).isCloseTo(1.5, within(0.1));
    }

    @Test
    void nothingIsExpectedOfAServiceWithoutAPast() {
        Expectation before = breaker.expectation().orElseThrow();

        tell(store);

        assertThat(breaker.expectation()).contains(before);
    }

    @Test
    void callsOfAModelAreNotCountedTwice() {
        PastCalls past = past(
                minute(0).good(10).build(), minute(0).ofModel("small").good(10).build());

        assertThat(past.calls()).isEqualTo(10);
    }

    @Test
    void hoursInWhichItsBreakerWasOpenSayNothingAboutWhatIsUsual() {
        PastCalls past = past(
                minute(0).good(99).failed(1).build(),
                minute(61).failed(50).opened().open(60, 100).build());

        assertThat(past.calls()).isEqualTo(100);
        assertThat(past.failing()).isEqualTo(0.01);
    }

    @Test
    void openTimesOfHoursInARowAreOneTrouble() {
        PastCalls past = past(
                minute(59).opened().open(60, 1).build(),
                minute(60).open(60, 1).build(),
                minute(300).opened().opened().open(50, 1).build());

        assertThat(past.troubleSeconds()).containsExactly(120.0, 25.0, 25.0);
    }

    @Test
    void aWaitThatTheProviderToldIsNoTrouble() {
        assertThat(past(minute(0).opened().open(60, 1).throttled(1).build()).troubleSeconds())
                .isEmpty();
    }

    @Test
    void aStoreThatFailsIsReadTheNextTime() {
        store.append(
                List.of(minute(0).good(450).failed(50, Duration.ofSeconds(30)).build()));
        boolean[] isDown = {true};
        HistoryStore failing = new FailingStore(store, isDown);
        WarmStart start = new WarmStart(List.of(breaker), failing, WINDOW, time, faults);

        start.tell();
        assertThat(faults.count()).isOne();
        isDown[0] = false;
        start.tell();

        assertThat(breaker.expectation().orElseThrow().usuallyFailing()).isEqualTo(0.05);
    }

    private Minutes minute(int number) {
        return Minutes.at(begin.plus(Duration.ofMinutes(number)));
    }

    private void tell(HistoryStore read) {
        new WarmStart(List.of(breaker), read, WINDOW, time, faults).tell();
    }

    private PastCalls past(CallMinute... minutes) {
        store.append(List.of(minutes));
        return WarmStart.read(store, Minutes.SERVICE, begin);
    }

    /** A store that is down for a while. */
    private record FailingStore(HistoryStore store, boolean[] isDown) implements HistoryStore {

        @Override
        public void append(List<CallMinute> minutes) {
            store.append(minutes);
        }

        @Override
        public void read(String service, Instant since, Consumer<CallMinute> reader) {
            store.read(service, since, reader);
        }

        @Override
        public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
            if (isDown[0]) {
                throw new IllegalStateException("the database is down");
            }
            store.readHours(service, since, reader);
        }
    }
}
