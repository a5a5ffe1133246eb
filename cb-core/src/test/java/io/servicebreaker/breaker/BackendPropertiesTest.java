package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of backends whatever happens to them. */
class BackendPropertiesTest {

    private static final CallRequest CALL = CallRequest.to("openai");
    private static final List<String> IDS = List.of("a", "b", "c");

    /**
     * A thing that happens.
     *
     * @param down which backends are down from now on, a bit for each
     * @param seconds that pass
     * @param calls made then
     * @param underWay of them that end only in the next step
     * @param looks whether the timer looks afterwards
     */
    record Step(int down, int seconds, int calls, int underWay, boolean looks) {}

    private record Call(Permit permit, boolean fails) {}

    @Property(tries = 500)
    void aCallIsRefusedOnlyIfNoBackendMayBeCalled(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        FakeTime time = new FakeTime();
        try (Events events = new Events()) {
            Breakers breakers = breakers(time, events, new Random(seed));
            Backends backends = backends(breakers);
            Deque<Call> open = new ArrayDeque<>();
            for (Step step : steps) {
                time.advance(Duration.ofSeconds(step.seconds()));
                for (int i = 0; i < step.calls(); i++) {
                    ask(backends, step.down(), time, open);
                    if (open.size() > step.underWay()) {
                        end(open.removeFirst(), time);
                    }
                    isDueWithTheFirst(breakers.breaker("openai").snapshot(), backends);
                }
                if (step.looks()) {
                    backends.update();
                }
            }
        }
    }

    private static void ask(Backends backends, int down, FakeTime time, Deque<Call> open) {
        List<BackendSnapshot> before = backends.snapshot();
        Admission admission = backends.admit(CALL, time.nanos());
        if (admission instanceof Rejection refusal) {
            assertThat(before).as(refusal.toString()).noneMatch(seen -> mayBeCalled(seen.breaker()));
        } else {
            Permit permit = (Permit) admission;
            open.addLast(new Call(permit, (down >> IDS.indexOf(permit.backend().id()) & 1) == 1));
        }
    }

    /** How long a backend waits that is probed by as many calls as may, nobody tells. */
    private static void isDueWithTheFirst(BreakerSnapshot service, Backends backends) {
        List<BreakerSnapshot> all =
                backends.snapshot().stream().map(BackendSnapshot::breaker).toList();
        if (service.state() == BreakerState.OPEN
                && all.stream().noneMatch(seen -> seen.state() == BreakerState.HALF_OPEN)) {
            Duration first = all.stream()
                    .map(seen -> seen.retryAfter() == null ? Duration.ZERO : seen.retryAfter())
                    .min(Duration::compareTo)
                    .orElseThrow();
            assertThat(service.retryAfter()).isEqualTo(first);
        }
    }

    private static boolean mayBeCalled(BreakerSnapshot breaker) {
        return switch (breaker.state()) {
            case OPEN -> breaker.retryAfter() != null && breaker.retryAfter().isZero();
            case HALF_OPEN -> breaker.probesUnderWay() < breaker.settings().halfOpenMaxRequests();
            default -> breaker.state() == BreakerState.CLOSED;
        };
    }

    private static void end(Call call, FakeTime time) {
        Outcome outcome = call.fails() ? Outcome.failure(FailureCause.SERVER_ERROR) : Outcome.SUCCESS;
        call.permit().finish(outcome, 1_000_000, time.nanos());
    }

    private static Breakers breakers(FakeTime time, Events events, Random luck) {
        BreakerSettings settings = BreakerSettings.defaults().toBuilder()
                .recoveryTimeout(Duration.ofSeconds(10))
                .build();
        return new Breakers(Map.of("openai", settings), Map.of(), time, events, 1_000, luck::nextDouble);
    }

    private static Backends backends(Breakers breakers) {
        List<BackendSettings> all = IDS.stream()
                .map(id -> new BackendSettings(new Backend(id, URI.create("https://" + id + ".example.com")), 1, 1))
                .toList();
        return breakers.backends("openai", all, BackendSignals.NONE);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }
}
