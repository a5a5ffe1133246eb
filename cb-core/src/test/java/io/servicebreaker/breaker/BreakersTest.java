package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BreakersTest {

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void hasOneClosedBreakerForEachServiceInTheirOrder() {
        Breakers breakers = breakers("search", "chat", "cache");

        assertThat(breakers.all()).extracting(Breaker::service).containsExactly("search", "chat", "cache");
        assertThat(breakers.all()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
        assertThat(breakers.breaker("chat")).isSameAs(breakers.breaker("chat"));
    }

    @Test
    void namesTheKnownServicesWhenAskedForAnotherAndCreatesNone() {
        Breakers breakers = breakers("search", "chat");

        assertThatThrownBy(() -> breakers.breaker("serach"))
                .isInstanceOfSatisfying(UnknownServiceException.class, e -> {
                    assertThat(e.service()).isEqualTo("serach");
                    assertThat(e.known()).containsExactly("chat", "search");
                })
                .hasMessage("Service 'serach' is not configured. Configured services: chat, search.");
        assertThat(breakers.all()).hasSize(2);
    }

    @Test
    void saysThatNoServiceIsConfigured() {
        Breakers none = breakers();

        assertThatThrownBy(() -> none.breaker("search"))
                .hasMessage("Service 'search' is not configured. No service is.");
    }

    @Test
    void keepsTheTroubleOfOneServiceFromTheOthers() {
        Breakers breakers = breakers("search", "chat");
        Breaker search = breakers.breaker("search");

        for (int i = 0; i < BreakerSettings.defaults().failureThreshold(); i++) {
            Permit permit = (Permit) search.admit(CallRequest.to("search"), time.nanos());
            permit.finish(Patient.failure(), 1, time.nanos());
        }

        assertThat(search.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breakers.breaker("chat").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void cutsOpenTimesByChance() {
        Breaker search = breakers("search").breaker("search");

        for (int i = 0; i < BreakerSettings.defaults().failureThreshold(); i++) {
            Permit permit = (Permit) search.admit(CallRequest.to("search"), time.nanos());
            permit.finish(Patient.failure(), 1, time.nanos());
        }

        BreakerSettings settings = BreakerSettings.defaults();
        assertThat(search.snapshot().retryAfter())
                .isBetween(settings.recoveryTimeout().multipliedBy(9).dividedBy(10), settings.recoveryTimeout());
    }

    private Breakers breakers(String... names) {
        Map<String, BreakerSettings> settings = new LinkedHashMap<>();
        for (String name : names) {
            settings.put(name, BreakerSettings.defaults());
        }
        return new Breakers(settings, time, events, 5);
    }
}
