package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Breakers that share the places of probes. */
class SharedProbesTest {

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void probesNoMoreThanAllowedOverAllServices() {
        Breakers breakers = openAndDue(1, "a", "b");
        assertThat(ask(breakers, "a")).isInstanceOf(ProbePermit.class);

        Admission second = ask(breakers, "b");

        assertThat(second).isInstanceOfSatisfying(Rejection.class, rejection -> {
            assertThat(rejection.reason()).isEqualTo(RejectionReason.HALF_OPEN_FULL);
            assertThat(rejection.retryAfter()).isEmpty();
        });
        assertThat(breakers.breaker("b").state()).isEqualTo(BreakerState.OPEN);
        assertThat(breakers.breaker("b").snapshot().notPermittedCalls()).isEqualTo(1);
    }

    @Test
    void givesThePlaceToTheNextServiceWhenAProbeEnds() {
        Breakers breakers = openAndDue(1, "a", "b");
        Permit probe = (Permit) ask(breakers, "a");
        ask(breakers, "b");

        probe.finish(Outcome.SUCCESS, 1, time.nanos());

        assertThat(ask(breakers, "a")).isInstanceOf(Rejection.class);
        assertThat(ask(breakers, "b")).isInstanceOf(ProbePermit.class);
    }

    @Test
    void givesThePlaceOfAHungProbeToTheNextService() {
        Breakers breakers = openAndDue(1, "a", "b");
        ask(breakers, "a");

        time.advance(Patient.PROBE_TIMEOUT);

        assertThat(ask(breakers, "b")).isInstanceOf(ProbePermit.class);
    }

    @Test
    void takesNoPlaceForACallThatItsOwnBreakerRefuses() {
        Breakers breakers = openAndDue(3, "a", "b");
        ask(breakers, "a");
        ask(breakers, "a");
        assertThat(ask(breakers, "a")).isInstanceOf(Rejection.class);

        assertThat(ask(breakers, "b")).isInstanceOf(ProbePermit.class);
    }

    @Test
    void leavesThePlacesToOthersWhileObserving() {
        Breakers breakers = openAndDue(1, "a", "b");
        breakers.breaker("b").observe("new thresholds", null);
        ask(breakers, "b");

        assertThat(ask(breakers, "a")).isInstanceOf(ProbePermit.class);

        assertThat(breakers.breaker("b").snapshot().unenforcedRefusals()).isZero();
    }

    @Test
    void recoversAllOfManyServicesThroughOnePlace() {
        String[] names = {"a", "b", "c", "d", "e", "f"};
        Breakers breakers = openAndDue(1, names);

        for (int round = 0; round < 100; round++) {
            Optional<Permit> probe = Optional.empty();
            for (String name : names) { // all ask while one probe is under way, the first one first
                if (ask(breakers, name) instanceof ProbePermit granted) {
                    probe = Optional.of(granted);
                }
            }
            time.advance(Duration.ofSeconds(1));
            probe.ifPresent(granted -> granted.finish(Outcome.SUCCESS, 1, time.nanos()));
        }

        assertThat(breakers.all()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void keepsNoPlaceForAServiceThatHasRecoveredMeanwhile() {
        Breakers breakers = openAndDue(1, "a", "b");
        Permit probe = (Permit) ask(breakers, "a");
        ask(breakers, "b");
        breakers.breaker("b").close("repaired", null);

        probe.finish(Outcome.SUCCESS, 1, time.nanos());

        assertThat(ask(breakers, "a")).isInstanceOf(ProbePermit.class);
    }

    private Breakers openAndDue(int places, String... names) {
        Map<String, BreakerSettings> settings = new LinkedHashMap<>();
        for (String name : names) {
            settings.put(name, Patient.settings().build());
        }
        Breakers breakers = new Breakers(settings, Map.of(), time, events, places, () -> 0);
        for (Breaker breaker : breakers.all()) {
            for (int i = 0; i < Patient.THRESHOLD; i++) {
                ((Permit) ask(breakers, breaker.service())).finish(Patient.failure(), 1, time.nanos());
            }
        }
        time.advance(Patient.RECOVERY);
        return breakers;
    }

    private Admission ask(Breakers breakers, String service) {
        return breakers.breaker(service).admit(CallRequest.to(service), time.nanos());
    }
}
