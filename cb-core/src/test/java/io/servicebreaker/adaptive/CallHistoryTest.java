package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.ScopedBreakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.cost.CallCosts;
import io.servicebreaker.cost.Estimate;
import io.servicebreaker.cost.Money;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallHistoryTest {

    private static final CallRequest CALL = CallRequest.to("openai");
    private static final CallRequest OF_MODEL = CALL.model("small");
    private static final Outcome TIMEOUT = Outcome.failure(FailureCause.TIMEOUT);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Breakers breakers = new Breakers(
            Map.of("openai", BreakerSettings.defaults(), "cache", BreakerSettings.defaults()), time, events, 5);
    private final Breaker breaker = breakers.breaker("openai");
    private final List<CallCosts> costs = new ArrayList<>();
    private final InternalFaults faults = new InternalFaults(time);
    private boolean costsAreUnknown;
    private final CallHistory history = new CallHistory(breakers.all(), this::costs, time, faults);
    private final CallListener calls = history.listenerFor("openai");
    private final Instant noon = time.now().minusSeconds(1);

    private List<CallCosts> costs(String service) {
        if (costsAreUnknown) {
            throw new IllegalStateException("no costs");
        }
        return service.equals("openai") ? List.copyOf(costs) : List.of();
    }

    @AfterEach
    void end() {
        events.close();
    }

    @Test
    void countsWhatBecameOfTheCallsOfAMinute() {
        calls.finished(CALL, Outcome.SUCCESS, SECOND);
        calls.finished(CALL, Outcome.SUCCESS, 2 * SECOND);
        calls.finished(CALL, TIMEOUT, 30 * SECOND);
        calls.finished(CALL, Outcome.ignored(FailureCause.BAD_REQUEST), SECOND);
        calls.rejected(CALL, refusal(RejectionReason.OPEN, RejectionScope.SERVICE));

        CallMinute minute = only();

        assertThat(minute.service()).isEqualTo("openai");
        assertThat(minute.model()).isEmpty();
        assertThat(minute.start()).isEqualTo(noon);
        assertThat(minute.succeeded()).isEqualTo(2);
        assertThat(minute.answers().longerThan(SECOND)).isEqualTo(1);
        assertThat(minute.failures()).isEqualTo(Map.of(FailureCause.TIMEOUT, 1L));
        assertThat(minute.failing().longerThan(20 * SECOND)).isEqualTo(1);
        assertThat(minute.ignored()).isEqualTo(Map.of(FailureCause.BAD_REQUEST, 1L));
        assertThat(minute.refused()).isEqualTo(1);
        assertThat(history.close()).isEmpty();
    }

    @Test
    void theNextMinuteBeginsWhenOneIsClosed() {
        assertThat(history.untilMinuteEnds()).isEqualTo(Duration.ofSeconds(59));
        calls.finished(CALL, Outcome.SUCCESS, SECOND);
        time.advance(Duration.ofSeconds(61));
        assertThat(history.untilMinuteEnds()).isZero();

        assertThat(only().start()).isEqualTo(noon);
        calls.finished(CALL, Outcome.SUCCESS, SECOND);

        assertThat(history.untilMinuteEnds()).isEqualTo(Duration.ofSeconds(58));
        assertThat(only().start()).isEqualTo(noon.plusSeconds(60));
    }

    @Test
    void aClockThatIsSetBackMakesNoMinuteLong() {
        time.set(Duration.ofHours(-1));

        assertThat(history.untilMinuteEnds()).isEqualTo(Duration.ofMinutes(1));
        assertThat(history.close()).isEmpty();
    }

    @Test
    void countsModelsBesideTheirService() {
        calls.finished(OF_MODEL, Outcome.SUCCESS, SECOND);
        calls.finished(OF_MODEL, Outcome.failure(FailureCause.CONNECTION), SECOND);
        calls.finished(OF_MODEL, TIMEOUT.of(RejectionScope.MODEL), SECOND);
        calls.rejected(OF_MODEL, refusal(RejectionReason.MODEL_UNHEALTHY, RejectionScope.MODEL));
        calls.finished(CALL, Outcome.SUCCESS, SECOND);

        List<CallMinute> minutes = history.close();

        assertThat(minutes).extracting(CallMinute::model).containsExactly("", "small");
        CallMinute all = minutes.get(0);
        assertThat(all.succeeded()).isEqualTo(2);
        assertThat(all.failures()).isEqualTo(Map.of(FailureCause.CONNECTION, 1L));
        assertThat(all.ignored()).isEqualTo(Map.of(FailureCause.TIMEOUT, 1L));
        assertThat(all.refused()).isZero();
        CallMinute model = minutes.get(1);
        assertThat(model.succeeded()).isEqualTo(1);
        assertThat(model.failures()).isEqualTo(Map.of(FailureCause.TIMEOUT, 1L));
        assertThat(model.ignored()).isEqualTo(Map.of(FailureCause.CONNECTION, 1L));
        assertThat(model.refused()).isEqualTo(1);
    }

    @Test
    void keepsNoMoreModelsApartThanThereAreBreakersFor() {
        for (int i = 0; i < 2 * ScopedBreakers.MOST; i++) {
            calls.finished(CALL.model("model-" + i), Outcome.SUCCESS, SECOND);
        }

        List<CallMinute> minutes = history.close();

        assertThat(minutes).hasSize(ScopedBreakers.MOST + 1);
        assertThat(minutes.get(0).succeeded()).isEqualTo(2 * ScopedBreakers.MOST);
    }

    @Test
    void cutsTheNamesOfModels() {
        calls.finished(CALL.model("x".repeat(1000)), Outcome.SUCCESS, SECOND);
        calls.finished(CALL.model("x".repeat(1001)), Outcome.SUCCESS, SECOND);

        assertThat(history.close().get(1)).satisfies(model -> {
            assertThat(model.model()).hasSize(255);
            assertThat(model.succeeded()).isEqualTo(2);
        });
    }

    @Test
    void countsNoRefusalsThatAreNotTheBreakers() {
        calls.rejected(CALL, refusal(RejectionReason.TOO_MANY_CALLS, RejectionScope.SERVICE));
        calls.rejected(CALL, refusal(RejectionReason.COST_BUDGET, RejectionScope.BUDGET));
        calls.rejected(CALL, refusal(RejectionReason.AUTHENTICATION_FAILED, RejectionScope.CREDENTIAL));

        assertThat(history.close()).isEmpty();
    }

    @Test
    void tellsTheLongestRowOfFailures() {
        fail(3);
        calls.finished(CALL, Outcome.SUCCESS, SECOND);
        fail(2);

        assertThat(only().longestRun()).isEqualTo(3);
        fail(2);
        assertThat(only().longestRun()).isEqualTo(4);
    }

    @Test
    void aMinuteWithoutAFailureEndsARow() {
        fail(3);
        history.close();

        history.close();
        fail(1);

        assertThat(only().longestRun()).isEqualTo(1);
    }

    @Test
    void tellsForHowLongTheBreakerWasNotClosedAndHowItWasProbed() {
        events.subscribe(StateChanged.class, history::heed);
        open();
        time.advance(breaker.snapshot().retryAfter());
        probe(Outcome.SUCCESS);
        probe(TIMEOUT);
        events.flushAndWait();
        time.advance(Duration.ofSeconds(10));

        CallMinute minute = only();

        assertThat(minute.openings()).isEqualTo(1);
        assertThat(minute.probes()).isEqualTo(2);
        assertThat(minute.failedProbes()).isEqualTo(1);
        assertThat(minute.openSeconds()).isEqualTo(60);
        time.advance(Duration.ofSeconds(30));
        breaker.close("by hand", null);
        events.flushAndWait();
        time.advance(Duration.ofSeconds(30));
        minute = only();
        assertThat(minute.openings()).isZero();
        assertThat(minute.probes()).isZero();
        assertThat(minute.openSeconds()).isEqualTo(30);
    }

    @Test
    void knowsThatTheBreakerIsOpenAlsoIfTheEventIsLost() {
        time.advance(Duration.ofSeconds(10));
        open();
        time.advance(Duration.ofSeconds(20));

        assertThat(only().openSeconds()).isEqualTo(20);
        time.advance(Duration.ofSeconds(10));
        breaker.close("by hand", null);
        time.advance(Duration.ofSeconds(10));
        assertThat(only().openSeconds()).isEqualTo(10);
        assertThat(history.close()).isEmpty();
    }

    @Test
    void whatABreakerOnlyWouldHaveDoneIsNoOpening() {
        events.subscribe(StateChanged.class, history::heed);
        breaker.observe("to see", null);
        open();
        events.flushAndWait();
        time.advance(Duration.ofSeconds(10));

        assertThat(history.close()).isEmpty();
    }

    @Test
    void tellsWhatTheCallsCost() {
        spent("small", "ask", 2);
        spent("small", "tell", 3);
        spent("", "ask", 4);
        calls.finished(OF_MODEL, Outcome.SUCCESS, SECOND);

        assertThat(history.close())
                .extracting(CallMinute::cost)
                .containsExactly(new BigDecimal("0.000000009"), new BigDecimal("0.000000005"));
        spent("", "ask", 10);
        assertThat(only().cost()).isEqualTo(new BigDecimal("0.000000006"));
    }

    @Test
    void losesNothingWhenTheCostsCannotBeRead() {
        calls.finished(CALL, Outcome.SUCCESS, SECOND);
        history.listenerFor("cache").finished(CallRequest.to("cache"), Outcome.SUCCESS, SECOND);
        costsAreUnknown = true;

        assertThat(history.close()).isEmpty();

        assertThat(faults.count()).isEqualTo(2);
        costsAreUnknown = false;
        assertThat(history.close()).hasSize(2).allMatch(minute -> minute.succeeded() == 1);
    }

    @Test
    void hearsOfNoOtherServices() {
        assertThat(history.listenerFor("unknown")).isSameAs(CallListener.NONE);
    }

    /** As many threads end calls as there are processors, and two more than one minute is closed meanwhile. */
    @Test
    void countsEachCallOnceWhileMinutesAreClosed() throws InterruptedException {
        int each = 100_000;
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(number -> new Thread(() -> finish(each)))
                .toList();
        threads.forEach(Thread::start);
        List<CallMinute> closed = new ArrayList<>();

        while (threads.stream().anyMatch(Thread::isAlive)) {
            closed.addAll(history.close());
        }
        for (Thread thread : threads) {
            thread.join();
        }
        closed.addAll(history.close());

        for (String model : List.of("", "small")) {
            CallMinute sum = closed.stream()
                    .filter(minute -> minute.model().equals(model))
                    .reduce(Minutes::sum)
                    .orElseThrow();
            assertThat(sum.succeeded()).isEqualTo(4L * each);
            assertThat(sum.failures()).isEqualTo(Map.of(FailureCause.TIMEOUT, 4L * each));
            assertThat(sum.failing().count()).isEqualTo(4L * each);
        }
    }

    private void finish(int number) {
        for (int i = 0; i < number; i++) {
            calls.finished(OF_MODEL, Outcome.SUCCESS, SECOND);
            calls.finished(OF_MODEL, TIMEOUT, SECOND);
        }
    }

    private CallMinute only() {
        List<CallMinute> minutes = history.close();
        assertThat(minutes).hasSize(1);
        return minutes.get(0);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            calls.finished(CALL, TIMEOUT, SECOND);
        }
    }

    private void open() {
        for (int i = 0; i < BreakerSettings.defaults().failureThreshold(); i++) {
            probe(TIMEOUT);
        }
    }

    private void probe(Outcome outcome) {
        Permit permit = (Permit) breaker.admit(CALL, time.nanos());
        permit.finish(outcome, SECOND, time.nanos());
    }

    private void spent(String model, String operation, long billionths) {
        Money money = new Money(billionths);
        costs.removeIf(known -> known.model().equals(model) && known.operation().equals(operation));
        costs.add(new CallCosts(
                model, operation, 1, 0, 0, money, money, money, Money.ZERO, Estimate.Method.values()[0], 1));
    }

    private static Rejection refusal(RejectionReason reason, RejectionScope scope) {
        return new Rejection(reason, scope, Rejection.UNKNOWN_TIME, "");
    }
}
