package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which backend a call gets while some of them refuse it. */
class BackendAdmissionTest {

    private static final CallRequest CALL = CallRequest.to("openai");
    private static final CallRequest OF_TEAM = CALL.credential("team");
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Outcome DOWN = Outcome.failure(FailureCause.SERVER_ERROR);
    private static final Outcome REFUSED = Outcome.ignored(FailureCause.AUTHENTICATION)
            .of(RejectionScope.CREDENTIAL)
            .with(new Cooldown(Duration.ofSeconds(30), "back-off"), null);

    private static final Rejection LIMITED = new Rejection(
            RejectionReason.RATE_LIMITED,
            RejectionScope.CREDENTIAL,
            Duration.ofSeconds(2).toNanos(),
            "none left");

    /** Ids of the backends of whose limits nothing is left. */
    private String limited = "";

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Random luck = new Random(7);
    private final BreakerSettings settings = BreakerSettings.defaults().toBuilder()
            .recoveryJitter(0.0)
            .halfOpenMaxRequests(1)
            .build();
    private final Breakers breakers =
            new Breakers(Map.of("openai", settings, "cache", settings), Map.of(), time, events, 1, luck::nextDouble);

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void aCredentialThrottledAtOneBackendIsServedByTheOthersAndOtherCredentialsByAll() {
        Backends backends = backends("a", "b");
        Outcome throttled = Outcome.ignored(FailureCause.RATE_LIMIT)
                .of(RejectionScope.CREDENTIAL)
                .with(new Cooldown(Duration.ofSeconds(30), "retry-after"), null);

        permitOf(backends, OF_TEAM, "a").finish(throttled, 1, time.nanos());

        assertThat(chosen(backends, OF_TEAM)).containsOnlyKeys("b");
        assertThat(chosen(backends, CALL.credential("other"))).containsOnlyKeys("a", "b");
    }

    @Test
    void aModelOverloadedAtOneBackendIsServedByTheOthersAndOtherModelsByAll() {
        Backends backends = backends("a", "b");
        Outcome overloaded = Outcome.failure(FailureCause.OVERLOADED).of(RejectionScope.MODEL);
        for (int i = 0; i < settings.failureThreshold(); i++) {
            ask(backends, CALL.model("big"), "a").ifPermitted(permit -> permit.finish(overloaded, 1, time.nanos()));
        }

        assertThat(chosen(backends, CALL.model("big"))).containsOnlyKeys("b");
        assertThat(chosen(backends, CALL.model("small"))).containsOnlyKeys("a", "b");
    }

    @Test
    void aModelAtABackendIsJudgedByHalfTheEvidenceAsABackendIs() {
        Backends backends = backends("a", "b");
        Outcome overloaded = Outcome.failure(FailureCause.OVERLOADED).of(RejectionScope.MODEL);

        permitOf(backends, CALL.model("big"), "a").finish(overloaded, 1, time.nanos());

        BackendSnapshot a = backends.snapshot().get(0);
        assertThat(a.breaker().settings()).isEqualTo(settings.narrowed());
        assertThat(a.scopes().models())
                .singleElement()
                .satisfies(model -> assertThat(model.settings()).isEqualTo(settings.narrowed()));
    }

    @Test
    void aCredentialThatAllBackendsRefuseIsRefusedAloneAfterOneCallToEach() {
        Backends backends = backends("a", "b");
        permitOf(backends, OF_TEAM, "a").finish(REFUSED, 1, time.nanos());
        permitOf(backends, OF_TEAM, "b").finish(REFUSED, 1, time.nanos());

        assertThat(backends.admit(OF_TEAM, time.nanos()))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(RejectionReason.AUTHENTICATION_FAILED));
        assertThat(chosen(backends, CALL)).containsOnlyKeys("a", "b");
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anOperatorWhoClosesTheServiceClosesTheCredentialsOfItsBackendsToo() {
        Backends backends = backends("a");
        permitOf(backends, OF_TEAM, "a").finish(REFUSED, 1, time.nanos());

        breakers.breaker("openai").close("new key", null);

        assertThat(backends.admit(OF_TEAM, time.nanos())).isInstanceOf(Permit.class);
    }

    @Test
    void whatARefusingBackendWouldHaveGotGoesToTheOthersInProportion() {
        Backends backends = weighted(Map.of("a", 4.0, "b", 1.0, "c", 1.0, "d", 2.0));
        open(backends, "a");

        Map<String, Integer> calls = chosen(backends, CALL);

        assertThat(calls).containsOnlyKeys("b", "c", "d");
        assertThat(calls.get("b") / 10_000.0).isCloseTo(0.25, offset(0.02));
        assertThat(calls.get("c") / 10_000.0).isCloseTo(0.25, offset(0.02));
        assertThat(calls.get("d") / 10_000.0).isCloseTo(0.5, offset(0.02));
    }

    @Test
    void aProbeOfABackendTakesAPlaceAmongThoseOfAllServices() {
        Backends backends = backends("a", "b");
        open(backends, "a");
        breakers.breaker("cache").holdOpen(RECOVERY, RejectionReason.OPEN, "test");
        time.advance(RECOVERY);
        backends.update();
        permitOf(backends, CALL, "a");

        assertThat(breakers.breaker("cache").admit(CALL, time.nanos())).isEqualTo(ProbePlaces.ALL_TAKEN);
    }

    @Test
    void aBackendWithoutAPlaceForItsProbeIsPassedOverUntilItHasHadItsTurn() {
        Backends backends = backends("a", "b");
        open(backends, "a");
        breakers.breaker("cache").holdOpen(RECOVERY, RejectionReason.OPEN, "test");
        time.advance(RECOVERY);
        backends.update();
        Permit probe = (Permit) breakers.breaker("cache").admit(CALL, time.nanos());

        assertThat(chosen(backends, CALL)).containsOnlyKeys("b");

        probe.finish(Outcome.NOT_RUN, 0, time.nanos());
        assertThat(breakers.breaker("cache").admit(CALL, time.nanos())).isInstanceOf(Rejection.class);
        permitOf(backends, CALL, "a").finish(Outcome.SUCCESS, 1, time.nanos());
        assertThat(state(backends, "a")).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aServiceWhoseBackendsWereAllDownRecoversThroughOnePlace() {
        Backends backends = backends("a", "b");
        open(backends, "a");
        open(backends, "b");
        assertThat(backends.admit(CALL, time.nanos())).isInstanceOf(Rejection.class);
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
        time.advance(RECOVERY);

        for (int i = 0; i < 3; i++) {
            ((Permit) backends.admit(CALL, time.nanos())).finish(Outcome.SUCCESS, 1, time.nanos());
            backends.update();
        }

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aCallAllocatesNothingForABackendThatItPassesOver() {
        Backends backends = backends("a", "b");
        open(backends, "a");
        chosen(backends, CALL);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            ((Permit) backends.admit(CALL, time.nanos())).finish(Outcome.SUCCESS, 1, time.nanos());
        }

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes for ten thousand calls").isLessThan(40_000);
    }

    @Test
    void aCallThatIsToStayAtABackendGoesToNoOther() {
        Backends backends = backends("a", "b");
        CallRequest stays = CALL.at(backend("a"));
        assertThat(chosen(backends, stays)).containsOnlyKeys("a");
        open(backends, "a");

        assertThat(backends.admit(stays, time.nanos())).isInstanceOfSatisfying(Rejection.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.OPEN);
            assertThat(refusal.retryAfter()).contains(RECOVERY);
            assertThat(refusal.explanation()).startsWith("backend a: ");
        });
        assertThat(chosen(backends, CALL.at(backend("unheard-of")))).containsOnlyKeys("b");
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aCallToADisabledServiceStaysAtItsBackendToo() {
        Backends backends = backends("a", "b");
        breakers.breaker("openai").disable("test", null);

        assertThat(chosen(backends, CALL.at(backend("a")))).containsOnlyKeys("a");
    }

    @Test
    void aBackendWhoseLimitsDoNotCoverTheCallIsPassedOver() {
        Backends backends = backends("a", "b");
        permitOf(backends, CALL, "a");
        limited = "a";

        assertThat(chosen(backends, CALL)).containsOnlyKeys("b");

        limited = "ab";
        assertThat(backends.admit(CALL, time.nanos())).isInstanceOfSatisfying(Rejection.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
            assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(2));
        });
        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aProbeThatLimitsDoNotCoverIsGivenBack() {
        Backends backends = backends("a");
        open(backends, "a");
        time.advance(RECOVERY);
        limited = "a";
        assertThat(backends.admit(CALL, time.nanos())).isInstanceOf(Rejection.class);
        limited = "";

        ((Permit) backends.admit(CALL, time.nanos())).finish(Outcome.SUCCESS, 1, time.nanos());

        assertThat(state(backends, "a")).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aProbeWhoseLimitsAreBrokenIsGivenBack() {
        Backends backends = allDownAndDue();
        limited = "broken";
        assertThatThrownBy(() -> backends.admit(CALL, time.nanos())).isInstanceOf(IllegalStateException.class);
        limited = "";

        ((Permit) backends.admit(CALL, time.nanos())).finish(Outcome.SUCCESS, 1, time.nanos());

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void theServiceHearsOfAProbeThoughWhatItsAnswerTellsCannotBeRead() {
        Backends backends = allDownAndDue();
        Permit probe = (Permit) backends.admit(CALL, time.nanos());
        limited = "broken";

        assertThatThrownBy(() -> probe.finish(Outcome.SUCCESS.with(null, CallReport.ofStatus(200)), 1, time.nanos()))
                .isInstanceOf(IllegalStateException.class);

        assertThat(breakers.breaker("openai").state()).isEqualTo(BreakerState.CLOSED);
    }

    private Backends allDownAndDue() {
        Backends backends = backends("a");
        open(backends, "a");
        assertThat(backends.admit(CALL, time.nanos())).isInstanceOf(Rejection.class);
        time.advance(RECOVERY);
        return backends;
    }

    private boolean isLimited(String backend) {
        if (limited.equals("broken")) {
            throw new IllegalStateException(limited);
        }
        return limited.contains(backend);
    }

    @Test
    void tellsOfWhichModelAtWhichBackendAChangeIs() {
        assertThat(BreakerScope.model("big").within(BreakerScope.backend("a")))
                .hasToString("model big at backend a")
                .isNotEqualTo(BreakerScope.model("big"));
        assertThat(BreakerScope.backend("a")).hasToString("backend a");
    }

    @Test
    void saysInWhichStateACallFindsABackend() {
        Backends backends = backends("a", "b");
        permitOf(backends, OF_TEAM, "a").finish(REFUSED, 1, time.nanos());

        assertThat(backends.stateFor(OF_TEAM, backend("a"))).isEqualTo(BreakerState.OPEN);
        assertThat(backends.stateFor(OF_TEAM, backend("b"))).isEqualTo(BreakerState.CLOSED);
        assertThat(backends.stateFor(CALL, backend("a"))).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void refusesMoreThanItCanChooseFrom() {
        String[] ids = IntStream.rangeClosed(0, 64).mapToObj(i -> "b" + i).toArray(String[]::new);

        assertThatThrownBy(() -> backends(ids)).hasMessageContaining("at most 64");
        assertThat(backends(Arrays.copyOf(ids, 64)).admit(CALL, time.nanos())).isInstanceOf(Permit.class);
    }

    private Backends backends(String... ids) {
        Map<String, Double> weights = new LinkedHashMap<>();
        Arrays.stream(ids).forEach(id -> weights.put(id, 1.0));
        return weighted(weights);
    }

    private Backends weighted(Map<String, Double> weights) {
        List<BackendSettings> all = weights.entrySet().stream()
                .map(entry -> new BackendSettings(backend(entry.getKey()), entry.getValue(), 1))
                .toList();
        return breakers.backends("openai", all, new BackendSignals() {
            @Override
            public Gate limits(String backend) {
                return (request, now) -> isLimited(backend) ? LIMITED : Permit.FREE;
            }

            @Override
            public double quotaLeft(CallReport report) {
                return isLimited("none") ? 0 : 1;
            }
        });
    }

    private static Backend backend(String id) {
        return new Backend(id, URI.create("https://" + id + ".example.com"));
    }

    private static BreakerState state(Backends backends, String id) {
        return backends.snapshot().stream()
                .filter(seen -> seen.backend().id().equals(id))
                .map(seen -> seen.breaker().state())
                .findFirst()
                .orElseThrow();
    }

    /** What became of asking until one was chosen. */
    private record Found(Permit permit) {
        void ifPermitted(Consumer<Permit> then) {
            if (permit != null) {
                then.accept(permit);
            }
        }
    }

    private Found ask(Backends backends, CallRequest request, String id) {
        for (int i = 0; i < 1_000; i++) {
            Admission admission = backends.admit(request, time.nanos());
            if (admission instanceof Permit permit) {
                if (permit.backend().id().equals(id)) {
                    return new Found(permit);
                }
                permit.finish(Outcome.NOT_RUN, 0, time.nanos());
            }
        }
        return new Found(null);
    }

    private Permit permitOf(Backends backends, CallRequest request, String id) {
        Permit permit = ask(backends, request, id).permit();
        assertThat(permit).as("permit to call " + id).isNotNull();
        return permit;
    }

    private void open(Backends backends, String id) {
        while (state(backends, id) == BreakerState.CLOSED) {
            permitOf(backends, CALL, id).finish(DOWN, 1, time.nanos());
        }
    }

    /** How many of ten thousand calls each gets, none of which may be refused. */
    private Map<String, Integer> chosen(Backends backends, CallRequest request) {
        Map<String, Integer> calls = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            Permit permit = (Permit) backends.admit(request, time.nanos());
            calls.merge(permit.backend().id(), 1, Integer::sum);
            permit.finish(Outcome.NOT_RUN, 0, time.nanos());
        }
        return calls;
    }
}
