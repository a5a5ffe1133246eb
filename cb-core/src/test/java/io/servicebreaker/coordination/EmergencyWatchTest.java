package io.servicebreaker.coordination;

import static io.servicebreaker.coordination.EmergencyWatch.Cause.EXHAUSTION;
import static io.servicebreaker.coordination.EmergencyWatch.Cause.OUTAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.coordination.EmergencyWatch.Cause;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Emergencies with more than one cause. */
class EmergencyWatchTest {

    private final FakeTime time = new FakeTime();
    private final EmergencyWatch watch =
            new EmergencyWatch(time, true, Duration.ofMinutes(30).toNanos());

    @Test
    void oneThatSomebodyEndedIsFollowedByOneForAnotherCause() {
        see(OUTAGE);
        watch.end();
        see(OUTAGE);
        assertThat(reason()).isNull();

        see(OUTAGE, EXHAUSTION);

        assertThat(reason()).isEqualTo("EXHAUSTION");
    }

    @Test
    void oneEndsWithItsCauseAndTheOtherCauseHasItsOwn() {
        see(OUTAGE);
        see(OUTAGE, EXHAUSTION);
        assertThat(reason()).isEqualTo("OUTAGE");

        see(EXHAUSTION);

        assertThat(reason()).isEqualTo("EXHAUSTION");
        see();
        assertThat(reason()).isNull();
    }

    @Test
    void causesThatLastHaveOneEmergencyEach() {
        see(OUTAGE, EXHAUSTION);
        time.advance(Duration.ofMinutes(30));
        see(OUTAGE, EXHAUSTION);
        assertThat(reason()).isEqualTo("OUTAGE");
        time.advance(Duration.ofMinutes(30));
        see(OUTAGE, EXHAUSTION);
        assertThat(reason()).isNull();

        see(EXHAUSTION);
        see(OUTAGE, EXHAUSTION);

        assertThat(reason()).isEqualTo("OUTAGE");
    }

    private void see(Cause... causes) {
        Map<Cause, String> seen = new EnumMap<>(Cause.class);
        List.of(causes).forEach(cause -> seen.put(cause, cause.name()));
        watch.see(seen, time.nanos());
    }

    private @Nullable String reason() {
        Emergency current = watch.current();
        return current == null ? null : current.reason();
    }
}
