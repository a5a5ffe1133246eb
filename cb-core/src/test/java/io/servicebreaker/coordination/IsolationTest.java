package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.BreakerState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No service is refused because of another one that it does not need. */
class IsolationTest {

    private static final List<String> SERVICES = List.of("openai", "perplexity", "lightrag", "cache");

    private static Fleet four() {
        return new Fleet(
                CoordinatedService.of("openai"),
                CoordinatedService.of("perplexity"),
                CoordinatedService.of("lightrag"),
                Fleet.cache("cache"));
    }

    @Test
    void theOthersServeWhileOneIsOpenA40() {
        try (Fleet fleet = four()) {
            fleet.open("openai");

            for (int i = 0; i < 100; i++) {
                fleet.pass(Duration.ofMillis(300));
                for (String other : List.of("perplexity", "lightrag", "cache")) {
                    assertThat(fleet.succeed(other)).isTrue();
                    assertThat(fleet.state(other)).isEqualTo(BreakerState.CLOSED);
                }
            }
        }
    }

    static Stream<List<String>> pairs() {
        return SERVICES.stream()
                .flatMap(one -> SERVICES.stream()
                        .filter(other -> one.compareTo(other) < 0)
                        .map(other -> List.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theOthersServeAllTheirCallsWhileAnyTwoAreOpenA41(List<String> down) {
        try (Fleet fleet = four()) {
            down.forEach(fleet::open);

            for (int i = 0; i < 100; i++) {
                fleet.pass(Duration.ofMillis(300));
                SERVICES.stream()
                        .filter(service -> !down.contains(service))
                        .forEach(service -> assertThat(fleet.succeed(service)).isTrue());
            }
            assertThat(fleet.system.snapshot().mode()).isEqualTo(SystemMode.DEGRADED);
        }
    }
}
