package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.time.FakeTime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FailClosedGateTest {

    private static final CallRequest REQUEST = CallRequest.to("openai");

    private final InternalFaults faults = new InternalFaults(new FakeTime());

    @Test
    void refusesWhenTheGateBehindItFails() {
        Gate broken = (request, now) -> {
            throw new IllegalStateException("no idea");
        };

        Admission answer = new FailClosedGate(broken, () -> true, faults).admit(REQUEST, 0);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.COST_BUDGET));
        assertThat(faults.count()).isEqualTo(1);
    }

    @Test
    void refusesUntilItIsKnownWhatWasSpentBefore() {
        AtomicBoolean known = new AtomicBoolean();
        Gate gate = new FailClosedGate((request, now) -> Permit.FREE, known::get, faults);

        assertThat(gate.admit(REQUEST, 0)).isInstanceOf(Rejection.class);
        known.set(true);
        assertThat(gate.admit(REQUEST, 0)).isSameAs(Permit.FREE);

        assertThat(faults.count()).isZero();
    }

    @Test
    void answersOtherwiseAsTheGateBehindIt() {
        assertThat(new FailClosedGate((request, now) -> Permit.FREE, () -> true, faults).admit(REQUEST, 0))
                .isSameAs(Permit.FREE);
        assertThat(faults.count()).isZero();
    }
}
