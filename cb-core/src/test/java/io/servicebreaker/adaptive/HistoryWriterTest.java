package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.ScopedBreakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.event.Events;
import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HistoryWriterTest {

    private static final CallRequest CALL = CallRequest.to("openai");

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final CallHistory history = new CallHistory(
            new Breakers(Map.of("openai", BreakerSettings.defaults()), time, events, 5).all(),
            service -> List.of(),
            time,
            new InternalFaults(time));
    private final CallListener calls = history.listenerFor("openai");
    private final Store store = new Store();
    private final HistoryWriter writer = new HistoryWriter(history, store);

    @AfterEach
    void end() {
        events.close();
    }

    @Test
    void writesTheMinuteThatIsOver() {
        call();

        writer.write();
        writer.write();

        assertThat(store.appended).hasSize(1);
    }

    @Test
    void triesAgainInOrderWhatTheStoreDidNotTake() {
        try (CapturedLog log = CapturedLog.of(HistoryWriter.class)) {
            store.fails = true;
            minute();
            minute();
            List<CallMinute> first = store.refused;
            store.fails = false;
            minute();

            assertThat(store.appended).hasSize(3);
            assertThat(store.appended.get(0)).isEqualTo(first);
            assertThat(store.appended)
                    .isSortedAccordingTo(
                            (a, b) -> a.get(0).start().compareTo(b.get(0).start()));
            assertThat(log.lines())
                    .containsExactly(
                            "What becomes of calls cannot be kept. It waits in memory, as far as there is room",
                            "What becomes of calls can be kept again");
        }
        assertThat(writer.dropped()).isZero();
    }

    @Test
    void dropsTheOldestAndSaysSoWhenTooMuchWaits() {
        try (CapturedLog log = CapturedLog.of(HistoryWriter.class)) {
            store.fails = true;
            for (int waiting = 0; waiting <= HistoryWriter.MOST; waiting += ScopedBreakers.MOST + 1) {
                for (int model = 0; model < ScopedBreakers.MOST; model++) {
                    calls.finished(CALL.model("model-" + model), Outcome.SUCCESS, 1);
                }
                minute();
            }
            store.fails = false;
            minute();

            assertThat(writer.dropped()).isEqualTo(ScopedBreakers.MOST + 1);
            assertThat(store.appended.get(0).get(0).start())
                    .isEqualTo(time.at(0).plusSeconds(60));
            assertThat(log.lines())
                    .anyMatch(message ->
                            message.startsWith("What became of calls in 201 minutes of services and models is lost"));
        }
    }

    @Test
    void writesTheOpenMinuteWhenItIsClosed() {
        call();

        writer.close();

        assertThat(store.appended).hasSize(1);
    }

    @Test
    void writesTheOpenMinuteAlsoOnAThreadThatIsInterrupted() {
        call();
        Thread.currentThread().interrupt();

        writer.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.appended).hasSize(1);
    }

    @Test
    void saysWhatIsLostInTheEnd() {
        try (CapturedLog log = CapturedLog.of(HistoryWriter.class)) {
            call();
            store.fails = true;

            writer.close();

            assertThat(writer.dropped()).isEqualTo(1);
            assertThat(log.lines()).anyMatch(message -> message.contains("the store did not take it"));
        }
    }

    @Test
    void saysWhatIsLostWhenTheStoreIsBusyInTheEnd() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        HistoryWriter busy = new HistoryWriter(history, store, Duration.ofMillis(1));
        try (CapturedLog log = CapturedLog.of(HistoryWriter.class)) {
            store.busyUntil = end;
            call();
            Thread writing = new Thread(busy::write);
            writing.start();
            store.isBusy.await();
            call();

            busy.close();
            end.countDown();
            writing.join();

            assertThat(busy.dropped()).isEqualTo(1);
            assertThat(log.lines()).singleElement().asString().contains("1 minutes of services and models is lost");
            assertThat(store.appended).as("before").hasSize(1);
        }
    }

    private void call() {
        calls.finished(CALL, Outcome.SUCCESS, 1);
    }

    private void minute() {
        call();
        time.advance(Duration.ofMinutes(1));
        writer.write();
    }

    private static final class Store implements HistoryStore {

        private final List<List<CallMinute>> appended = new ArrayList<>();
        private List<CallMinute> refused = List.of();
        private boolean fails;
        private final CountDownLatch isBusy = new CountDownLatch(1);
        private volatile @Nullable CountDownLatch busyUntil;

        @Override
        public void append(List<CallMinute> minutes) {
            if (fails) {
                refused = minutes;
                throw new IllegalStateException("the store is down");
            }
            CountDownLatch end = busyUntil;
            if (end != null) {
                isBusy.countDown();
                await(end);
            }
            appended.add(minutes);
        }

        private static void await(CountDownLatch end) {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void read(String service, Instant since, Consumer<CallMinute> reader) {}

        @Override
        public void readHours(String service, Instant since, Consumer<CallMinute> reader) {}
    }
}
