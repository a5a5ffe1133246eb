package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service with several deployments. */
class BackendsTest {

    private static final CallRequest CALL = CallRequest.to("openai");
    private static final Duration USUAL = Duration.ofMillis(200);
    private static final Outcome DOWN = Outcome.failure(FailureCause.SERVER_ERROR);

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Random luck = new Random(7);
    private final Breakers breakers = new Breakers(
            Map.of(
                    "openai",
                    BreakerSettings.defaults().toBuilder()
                            .recoveryJitter(0.0)
                            .halfOpenMaxRequests(1)
                            .build()),
            Map.of(),
            time,
            events,
            5,
            luck::nextDouble);
    private double budgetPressure;
    private final BackendSignals signals = new BackendSignals() {
        @Override
        public double quotaLeft(CallReport report) {
            return report.header("left").map(Double::parseDouble).orElse(Double.NaN);
        }

        @Override
        public double budgetPressure() {
            return budgetPressure;
        }
    };

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void nearlyAllCallsReachALiveOneWhileOneOfThreeIsDownA46() {
        Backends backends = backends(equal("a"), equal("b"), equal("c"));
        int reached = 0;
        int calls = 10_000;
        for (int i = 0; i < calls; i++) {
            pass(backends, Duration.ofMillis(100));
            BackendPermit permit = (BackendPermit) ask(backends);
            boolean works = !id(permit).equals("b");
            reached += works ? 1 : 0;
            permit.finish(works ? Outcome.SUCCESS : DOWN, USUAL.toNanos(), time.nanos());
        }

        assertThat(reached).isGreaterThan(calls * 99 / 100);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breakers.breaker("openai").snapshot().failedCalls()).isZero();
    }

    @Test
    void sharesCallsOutByWeight() {
        Backends backends = backends(new BackendSettings(backend("a"), 3, 1), equal("b"));

        assertThat(shareOf(backends, "a")).isCloseTo(0.75, offset(0.02));
        assertThat(backends.snapshot()).extracting(BackendSnapshot::share).containsExactly(0.75, 0.25);
    }

    @Test
    void prefersTheCheaperOneAndMoreSoWhenMoneyIsShort() {
        Backends backends = backends(equal("a"), new BackendSettings(backend("b"), 1, 2));
        assertThat(backends.snapshot().get(0).share()).isCloseTo(2 / 3.0, offset(1e-9));

        budgetPressure = 1;
        backends.update();

        assertThat(backends.snapshot().get(0).share()).isCloseTo(32 / 33.0, offset(1e-9));
    }

    @Test
    void prefersTheFasterOne() {
        Backends backends = backends(equal("a"), equal("b"));
        serve(backends, 40, id -> id.equals("a") ? Duration.ofMillis(300) : Duration.ofMillis(100));

        assertThat(backends.snapshot().get(0).share()).isCloseTo(0.25, offset(1e-6));
        assertThat(backends.snapshot().get(0).latency()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void sparesTheOneWhoseRateLimitIsNearlyUsedUpUntilNobodyHasToldForAWhile() {
        Backends backends = backends(equal("a"), equal("b"));
        tell(backends, "a", CallReport.ofStatus(200).header("left", "0.1"));
        backends.update();
        assertThat(backends.snapshot().get(0).share()).isCloseTo(0.1 / 1.1, offset(1e-9));
        assertThat(backends.snapshot().get(0).quotaLeft()).isEqualTo(0.1);

        time.advance(Duration.ofSeconds(60));
        backends.update();

        assertThat(backends.snapshot().get(0).share()).isEqualTo(0.5);
        assertThat(backends.snapshot().get(0).quotaLeft()).isNull();
    }

    @Test
    void leavesAThrottledOneAloneAndCallsTheOthers() {
        Backends backends = backends(equal("a"), equal("b"));
        Outcome throttled = Outcome.ignored(FailureCause.RATE_LIMIT)
                .with(new Cooldown(Duration.ofSeconds(30), "retry-after"), CallReport.ofStatus(429));
        BackendPermit permit = permitOf(backends, "a");

        permit.finish(throttled, 1, time.nanos());
        backends.update();

        assertThat(shareOf(backends, "b")).isEqualTo(1);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    /** A67: far slower than usual opens, before anything fails; and not again at once after closing. */
    @Test
    void opensTheOneThatGetsFarSlowerThanUsualA67() {
        Backends backends = backends(equal("a"), equal("b"));
        serve(backends, 400, id -> USUAL);
        assertThat(backends.snapshot())
                .extracting(BackendSnapshot::usualLatency)
                .containsExactly(USUAL, USUAL);

        serve(backends, 200, id -> id.equals("a") ? Duration.ofMillis(900) : USUAL);

        BreakerSnapshot a = backends.snapshot().get(0).breaker();
        assertThat(a.state()).isEqualTo(BreakerState.OPEN);
        assertThat(a.reason().sentence()).matches("calls take \\d+ ms, usual are 200 ms");
        assertThat(backends.snapshot().get(1).breaker().state()).isEqualTo(BreakerState.CLOSED);

        time.advance(Duration.ofSeconds(60));
        backends.update();
        permitOf(backends, "a").finish(Outcome.SUCCESS, USUAL.toNanos(), time.nanos());
        backends.update();
        backends.update();
        assertThat(backends.snapshot().get(0).breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void opensASlowOneThatIsTheLastNeitherForThatNorForALittleDifference() {
        Backends alone = backends(equal("a"));
        serve(alone, 200, id -> USUAL);
        serve(alone, 200, id -> Duration.ofSeconds(2));
        assertThat(alone.snapshot().get(0).breaker().state()).isEqualTo(BreakerState.CLOSED);

        Backends quick = backends(equal("a"), equal("b"));
        serve(quick, 200, id -> Duration.ofMillis(5));
        serve(quick, 200, id -> Duration.ofMillis(50));
        assertThat(quick.snapshot())
                .allSatisfy(seen -> assertThat(seen.breaker().state()).isEqualTo(BreakerState.CLOSED));
    }

    @Test
    void theServiceIsOpenWhileNoneMayBeCalledAndUntilTheFirstIsDue() {
        Backends backends = backends(equal("a"), equal("b"));
        failUntilOpen(backends, "a");
        time.advance(Duration.ofSeconds(10));
        failUntilOpen(backends, "b");

        Admission refused = ask(backends);

        assertThat(refused).isInstanceOfSatisfying(Rejection.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.OPEN);
            assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(50));
        });
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
        assertThat(breakers.breaker("openai").snapshot().reason().sentence())
                .isEqualTo("none of its 2 backends may be called");
        time.advance(Duration.ofSeconds(50));
        backends.update();
        BackendPermit probe = (BackendPermit) ask(backends);
        assertThat(id(probe)).isEqualTo("a");
        probe.finish(Outcome.SUCCESS, 1, time.nanos());
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void theServiceIsDueWithItsFirstBackendThoughProbesOfAllOfThemHaveFailed() {
        Backends backends = backends(equal("a"), equal("b"));
        failUntilOpen(backends, "a");
        time.advance(Duration.ofSeconds(30));
        failUntilOpen(backends, "b");
        assertThat(ask(backends)).isInstanceOf(Rejection.class);
        time.advance(Duration.ofSeconds(30));

        permitOf(backends, "a").finish(DOWN, 1, time.nanos());

        assertThat(breakers.breaker("openai").snapshot().retryAfter()).isEqualTo(Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(30));
        assertThat(breakers.breaker("openai").awaitsProbe()).isTrue();
        permitOf(backends, "b").finish(DOWN, 1, time.nanos());
        assertThat(breakers.breaker("openai").snapshot().retryAfter()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void theServiceIsDueWithItsFirstBackendThoughTheLastIsClosedOffForLong() {
        Backends backends = backends(equal("a"), equal("b"));
        permitOf(backends, "a").finish(throttled(FailureCause.RATE_LIMIT, Duration.ofSeconds(5)), 1, time.nanos());
        permitOf(backends, "b").finish(throttled(FailureCause.QUOTA, Duration.ofMinutes(15)), 1, time.nanos());
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.OPEN);

        time.advance(Duration.ofSeconds(5));

        assertThat(breakers.breaker("openai").awaitsProbe()).isTrue();
        assertThat(id((Permit) ask(backends))).isEqualTo("a");
    }

    @Test
    void whoKnowsUntilWhenTheServiceIsToBeLeftAloneKnowsItOfItsBackends() {
        Backends backends = backends(equal("a"), equal("b"));

        breakers.breaker("openai").holdOpen(Duration.ofMinutes(2), RejectionReason.OPEN, "maintenance");

        assertThat(ask(backends)).isInstanceOf(Rejection.class);
        time.advance(Duration.ofMinutes(2));
        assertThat(ask(backends)).isInstanceOf(Permit.class);
    }

    @Test
    void aServiceThatAnOperatorHoldsOpenStaysSoWhateverItsBackendsAre() {
        Backends backends = backends(equal("a"));
        failUntilOpen(backends, "a");
        assertThat(ask(backends)).isInstanceOf(Rejection.class);

        breakers.breaker("openai").forceOpen("maintenance", Duration.ofMinutes(5));
        backends.update();

        assertThat(breakers.breaker("openai").snapshot().retryAfter()).isEqualTo(Duration.ofMinutes(5));
        time.advance(Duration.ofMinutes(5));
        assertThat(ask(backends)).isInstanceOf(Permit.class);
    }

    private static Outcome throttled(FailureCause cause, Duration wait) {
        return Outcome.ignored(cause).with(new Cooldown(wait, "retry-after"), CallReport.ofStatus(429));
    }

    @Test
    void aModelIsNotBlamedForADeploymentButForWhatIsItsOwnThere() {
        Backends backends = backends(equal("a"));
        CallRequest named = CALL.model("big");
        ((Permit) backends.admit(named, time.nanos())).finish(DOWN, 1, time.nanos());
        assertThat(failuresOf(backends, "big")).isZero();

        Outcome overloaded = Outcome.failure(FailureCause.OVERLOADED).of(RejectionScope.MODEL);
        ((Permit) backends.admit(named, time.nanos())).finish(overloaded, 1, time.nanos());

        assertThat(failuresOf(backends, "big")).isOne();
        assertThat(backends.snapshot().get(0).breaker().failedCalls()).isOne();
    }

    private static long failuresOf(Backends backends, String model) {
        return backends.snapshot().get(0).scopes().models().stream()
                .filter(breaker -> breaker.scope().id().equals(model))
                .mapToLong(breaker -> breaker.snapshot().failedCalls())
                .sum();
    }

    @Test
    void theServiceIsNotClosedOffWhileABackendIsProbed() {
        Backends backends = backends(equal("a"), equal("b"));
        failUntilOpen(backends, "a");
        time.advance(Duration.ofSeconds(50));
        failUntilOpen(backends, "b");
        time.advance(Duration.ofSeconds(10));
        BackendPermit probe = (BackendPermit) ask(backends);
        assertThat(id(probe)).isEqualTo("a");

        assertThat(ask(backends)).isInstanceOf(Rejection.class);

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
        probe.finish(Outcome.SUCCESS, 1, time.nanos());
        assertThat(id((Permit) ask(backends))).isEqualTo("a");
    }

    @Test
    void slowAnswersOfOneBackendDoNotMakeTheServiceSlow() {
        Backends backends = backends(equal("a"), equal("b"));
        List<BackendPermit> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(permitOf(backends, "a"));
        }

        slow.forEach(
                permit -> permit.finish(Outcome.SUCCESS, Duration.ofSeconds(20).toNanos(), time.nanos()));

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
        assertThat(backends.snapshot().get(0).breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void whatMakesAllOfThemSlowOpensNone() {
        Backends backends = backends(equal("a"), equal("b"));
        serve(backends, 400, id -> USUAL);
        serve(backends, 400, id -> Duration.ofSeconds(1));

        assertThat(backends.snapshot())
                .allSatisfy(seen -> assertThat(seen.breaker().state()).isEqualTo(BreakerState.CLOSED));
    }

    @Test
    void callsOfAServiceThatIsDisabledOrObservedAreNotRefused() {
        Backends backends = backends(equal("a"));
        failUntilOpen(backends, "a");

        breakers.breaker("openai").observe("test", null);
        assertThat(ask(backends)).isInstanceOf(Permit.class);
        assertThat(breakers.breaker("openai").snapshot().unenforcedRefusals()).isEqualTo(1);
        time.advance(Duration.ofSeconds(60));
        permitOf(backends, "a").finish(DOWN, 1, time.nanos());
        assertThat(ask(backends)).isInstanceOf(Permit.class);
        assertThat(breakers.breaker("openai").snapshot().unenforcedRefusals()).isEqualTo(2);
        breakers.breaker("openai").disable("test", null);
        assertThat(ask(backends)).isInstanceOf(Permit.class);
    }

    @Test
    void anObservedServiceThatIsOpenCountsNoRefusalWhileABackendMayBeCalled() {
        Backends backends = backends(equal("a"), equal("b"));
        breakers.breaker("openai").observe("test", null);
        failUntilOpen(backends, "a");
        Permit last = permitOf(backends, "b");
        for (int i = 0; i < 5; i++) {
            last.finish(DOWN, 1, time.nanos()); // all but at once
        }
        time.advance(Duration.ofSeconds(60));
        Permit probe = (Permit) ask(backends);
        Permit other = (Permit) ask(backends);

        assertThat(List.of(id(probe), id(other))).containsExactlyInAnyOrder("a", "b");
        assertThat(breakers.breaker("openai").snapshot().unenforcedRefusals()).isZero();
        other.finish(DOWN, 1, time.nanos());
        probe.finish(DOWN, 1, time.nanos()); // of the service too
        assertThat(ask(backends)).isInstanceOf(Permit.class);
        assertThat(breakers.breaker("openai").snapshot().unenforcedRefusals()).isOne();
    }

    @Test
    void countsEachCallThatNoBackendTakesOnceAtTheService() {
        Backends backends = backends(equal("a"), equal("b"));
        failUntilOpen(backends, "a");
        assertThat(backends.admit(CALL.at(backend("a")), time.nanos())).isInstanceOf(Rejection.class);
        assertThat(breakers.breaker("openai").snapshot().notPermittedCalls()).isEqualTo(1);
        failUntilOpen(backends, "b");

        for (int i = 0; i < 3; i++) {
            assertThat(ask(backends)).isInstanceOf(Rejection.class);
        }

        assertThat(breakers.breaker("openai").snapshot().notPermittedCalls()).isEqualTo(4);
    }

    @Test
    void anOperatorClosesThemWithTheService() {
        Backends backends = backends(equal("a"));
        failUntilOpen(backends, "a");

        breakers.breaker("openai").close("repaired", null);

        assertThat(backends.snapshot().get(0).breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(backends.snapshot().get(0).share()).isEqualTo(1);
        assertThat(ask(backends)).isInstanceOf(Permit.class);
    }

    @Test
    void anOperatorWhoWantsTheServiceAsNewWantsItsBackendsSo() {
        Backends backends = backends(equal("a"), equal("b"));
        serve(backends, 400, id -> USUAL);
        tell(backends, "a", CallReport.ofStatus(200).header("left", "0.1"));
        CallRequest named = CALL.at(backend("a")).model("big");
        ((Permit) backends.admit(named, time.nanos())).finish(Outcome.SUCCESS, 1, time.nanos());
        failUntilOpen(backends, "a");
        time.advance(Duration.ofSeconds(60));
        permitOf(backends, "a").finish(DOWN, 1, time.nanos());
        backends.update();

        breakers.breaker("openai").reset("repaired", null);

        assertThat(backends.snapshot()).allSatisfy(seen -> {
            assertThat(seen.breaker().state()).isEqualTo(BreakerState.CLOSED);
            assertThat(seen.breaker().failedRecoveries()).isZero();
            assertThat(seen.share()).isEqualTo(0.5);
            assertThat(seen.quotaLeft()).isNull();
            assertThat(seen.latency()).isNull();
            assertThat(seen.usualLatency()).isNull();
            assertThat(seen.scopes().models()).isEmpty();
        });
    }

    @Test
    void theFailureOfTheLastOneIsTheServices() {
        Backends backends = backends(equal("a"), equal("b"));
        failUntilOpen(backends, "a");

        permitOf(backends, "b").finish(DOWN, 1, time.nanos());

        assertThat(breakers.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
    }

    @Test
    void anOperatorsCommandForTheServiceHoldsForAll() {
        Backends backends = backends(equal("a"), equal("b"));
        breakers.breaker("openai").forceOpen("maintenance", null);

        assertThat(ask(backends))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(RejectionReason.FORCED_OPEN));
    }

    @Test
    void givesTheSamePermitToEachCallWhileNothingChanges() {
        Backends backends = backends(equal("a"));

        assertThat(ask(backends)).isSameAs(ask(backends));
    }

    @Test
    void refusesNumbersThatMakeNoSense() {
        assertThatThrownBy(() -> new BackendSettings(backend("a"), 0, 1)).hasMessageContaining("weight");
        assertThatThrownBy(() -> new BackendSettings(backend("a"), 1, -1)).hasMessageContaining("cost-factor");
    }

    @Test
    void knowsItsOwnAddresses() {
        Backend backend = new Backend("a", URI.create("https://eu.example.com/openai"));

        assertThat(backend.isAt(URI.create("https://EU.example.com/openai/v1/chat")))
                .isTrue();
        assertThat(backend.isAt(URI.create("https://eu.example.com/v1/chat"))).isFalse();
        assertThat(backend.isAt(URI.create("http://eu.example.com/openai/v1/chat")))
                .isFalse();
    }

    @Test
    void putsItsAddressBeforeAPath() {
        URI address = URI.create("https://api.openai.com/v1/chat/completions?a=b%20c");

        assertThat(new Backend("a", URI.create("https://eu.example.com:8443/openai/")).at(address))
                .isEqualTo(URI.create("https://eu.example.com:8443/openai/v1/chat/completions?a=b%20c"));
        assertThat(new Backend("a", URI.create("http://localhost:1")).at(URI.create("https://api.openai.com")))
                .isEqualTo(URI.create("http://localhost:1"));
    }

    private Backends backends(BackendSettings... settings) {
        return breakers.backends("openai", List.of(settings), signals);
    }

    private static BackendSettings equal(String id) {
        return new BackendSettings(backend(id), 1, 1);
    }

    private static Backend backend(String id) {
        return new Backend(id, URI.create("https://" + id + ".example.com"));
    }

    private Admission ask(Backends backends) {
        return backends.admit(CALL, time.nanos());
    }

    private static String id(Permit permit) {
        return permit.backend() == null ? "" : permit.backend().id();
    }

    /** A permit to call that one. The others are asked and given up. */
    private BackendPermit permitOf(Backends backends, String id) {
        for (int i = 0; i < 1_000; i++) {
            BackendPermit permit = (BackendPermit) ask(backends);
            if (id(permit).equals(id)) {
                return permit;
            }
            permit.finish(Outcome.NOT_RUN, 0, time.nanos());
        }
        throw new AssertionError("never chosen: " + id);
    }

    private void tell(Backends backends, String id, CallReport report) {
        permitOf(backends, id).finish(Outcome.SUCCESS.with(null, report), 1, time.nanos());
    }

    private void failUntilOpen(Backends backends, String id) {
        while (backends.snapshot().stream()
                .anyMatch(
                        seen -> seen.backend().id().equals(id) && seen.breaker().state() == BreakerState.CLOSED)) {
            permitOf(backends, id).finish(DOWN, 1, time.nanos());
        }
    }

    private double shareOf(Backends backends, String id) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            BackendPermit permit = (BackendPermit) ask(backends);
            chosen.add(id(permit));
            permit.finish(Outcome.NOT_RUN, 0, time.nanos());
        }
        return chosen.stream().filter(id::equals).count() / 10_000.0;
    }

    /** Makes a call each tenth of a second. */
    private void serve(Backends backends, int calls, Function<String, Duration> duration) {
        for (int i = 0; i < calls; i++) {
            pass(backends, Duration.ofMillis(100));
            BackendPermit permit = (BackendPermit) ask(backends);
            permit.finish(Outcome.SUCCESS, duration.apply(id(permit)).toNanos(), time.nanos());
        }
    }

    private void pass(Backends backends, Duration step) {
        long before = time.nanos() / 1_000_000_000;
        time.advance(step);
        if (time.nanos() / 1_000_000_000 != before) {
            backends.update();
        }
    }
}
