package io.servicebreaker.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.benchmarks.replay.Answer.Kind;
import io.servicebreaker.benchmarks.replay.Policy.Attempt;
import io.servicebreaker.benchmarks.replay.Policy.Gatekeeper;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the peers are said to do. */
class PoliciesTest {

    private static final Losses ANY = new Losses(0, 1);

    private final VirtualClock clock = new VirtualClock();

    @Test
    void envoyEjectsForLongerEachTimeAndForgives() {
        Gatekeeper host = guard(new EnvoyPolicy());
        answer(host, Kind.BROKEN, 5);
        assertThat(refusesFor(host)).isEqualTo(30);

        answer(host, Kind.OVERLOADED, 5);
        assertThat(refusesFor(host)).isEqualTo(60);

        clock.moveTo(clock.seconds() + 20);
        answer(host, Kind.TIMEOUT, 5);
        assertThat(refusesFor(host)).isEqualTo(30);
    }

    @Test
    void envoyDoesNotCountWhatFailsWhileAHostIsEjected() {
        Gatekeeper host = guard(new EnvoyPolicy());
        Attempt late = Objects.requireNonNull(host.begin(ANY));
        answer(host, Kind.BROKEN, 5);
        late.ended(new Answer(Kind.TIMEOUT, 20), 0);
        refusesFor(host);

        answer(host, Kind.BROKEN, 4);
        assertThat(host.begin(ANY)).isNotNull();
        answer(host, Kind.BROKEN, 1);

        assertThat(host.begin(ANY)).isNull();
    }

    @Test
    void envoyDoesNotCountRateLimits() {
        Gatekeeper host = guard(new EnvoyPolicy());
        answer(host, Kind.RATE_LIMITED, 50);

        assertThat(host.begin(ANY)).isNotNull();
    }

    @Test
    void liteLlmRestsAfterFourFailuresAMinute() {
        Gatekeeper deployment = guard(LiteLlmPolicy.allowedFails());
        answer(deployment, Kind.BROKEN, 3);
        clock.moveTo(60);
        answer(deployment, Kind.BROKEN, 3);
        assertThat(deployment.begin(ANY)).isNotNull();

        answer(deployment, Kind.BROKEN, 1);

        assertThat(refusesFor(deployment)).isEqualTo(5);
    }

    @Test
    void liteLlmRestsWhenMoreThanHalfOfSeveralCallsFail() {
        Gatekeeper deployment = guard(LiteLlmPolicy.half());
        answer(deployment, Kind.BROKEN, 1);
        answer(deployment, Kind.OK, 1);
        assertThat(deployment.begin(ANY)).isNotNull();

        answer(deployment, Kind.BROKEN, 1);

        assertThat(refusesFor(deployment)).isEqualTo(5);
    }

    @Test
    void throttlingLetsAllThroughWhileHalfIsAcceptedAndFewOnceLessIs() {
        assertThat(allowed(guard(new ClientThrottlingPolicy(1)), 4, 3)).isEqualTo(1);
        assertThat(allowed(guard(new ClientThrottlingPolicy(1)), 4, 1)).isBetween(0.001, 0.1);
    }

    /** Share of calls that are let through, of which some of so many are accepted. */
    private double allowed(Gatekeeper guard, int of, int accepted) {
        int calls = 20_000;
        int allowed = 0;
        for (int i = 0; i < calls; i++) {
            clock.moveTo(clock.seconds() + 0.05);
            Attempt attempt = guard.begin(ANY);
            if (attempt != null) {
                attempt.ended(new Answer(allowed % of < accepted ? Kind.OK : Kind.BROKEN, 0), 0);
                allowed++;
            }
        }
        return (double) allowed / calls;
    }

    private Gatekeeper guard(Policy policy) {
        return Objects.requireNonNull(
                policy.guard("provider", List.of("service"), clock).get("service"));
    }

    private static void answer(Gatekeeper guard, Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            Objects.requireNonNull(guard.begin(ANY)).ended(new Answer(kind, 1), 0);
        }
    }

    /** Seconds until a call is let through; time moves on until then. */
    private int refusesFor(Gatekeeper guard) {
        int seconds = 0;
        while (guard.begin(ANY) == null) {
            clock.moveTo(clock.seconds() + 1);
            seconds++;
        }
        return seconds;
    }
}
