package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.Classifiers;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryProberTest {

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Breakers breakers = new Breakers(Map.of("search", BreakerSettings.defaults()), time, events, 5);
    private final Breaker breaker = breakers.breaker("search");
    private final CallOrchestrator orchestrator = orchestrator();
    private final SearchProbe probe = new SearchProbe();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void recoversWithoutTraffic() {
        open();
        RecoveryProber prober = prober(Runnable::run);
        time.advance(Duration.ofSeconds(60));

        prober.run();
        prober.run();
        prober.run();

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(probe.calls).isEqualTo(3);
    }

    @Test
    void callsNobodyBeforeTheDeadline() {
        open();
        time.advance(Duration.ofSeconds(30));

        prober(Runnable::run).run();

        assertThat(probe.calls).isZero();
    }

    @Test
    void callsNobodyWhileTheServiceWorks() {
        prober(Runnable::run).run();

        assertThat(probe.calls).isZero();
    }

    @Test
    void reopensWhenTheProbeCallFails() {
        open();
        probe.failing = true;
        time.advance(Duration.ofSeconds(60));

        prober(Runnable::run).run();

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.snapshot().failedRecoveries()).isEqualTo(1);
    }

    @Test
    void startsNoSecondProbeCallWhileOneIsUnderWay() {
        open();
        List<Runnable> started = new ArrayList<>();
        RecoveryProber prober = prober(started::add);
        time.advance(Duration.ofSeconds(60));

        prober.run();
        prober.run();

        assertThat(started).hasSize(1);
    }

    @Test
    void probesAgainAfterATimeInWhichNoThreadCouldBeHad() {
        open();
        RecoveryProber prober = prober(new FirstTimeExhausted());
        time.advance(Duration.ofSeconds(60));

        prober.run();
        prober.run();

        assertThat(probe.calls).isEqualTo(1);
    }

    /** What a pool does when the system has no thread left. */
    private static final class FirstTimeExhausted implements Executor {

        private boolean exhausted = true;

        @Override
        public void execute(Runnable task) {
            if (exhausted) {
                exhausted = false;
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        }
    }

    @Test
    void refusesAProbeCallForAnUnknownService() {
        ProbeCall stranger = new ProbeCall() {
            @Override
            public String service() {
                return "stranger";
            }

            @Override
            public void probe() {}
        };

        assertThatThrownBy(() -> new RecoveryProber(List.of(stranger), breakers, orchestrator, Runnable::run))
                .isInstanceOf(UnknownServiceException.class)
                .hasMessageContaining("stranger")
                .hasMessageContaining("search");
    }

    private void open() {
        for (int i = 0; i < 5; i++) {
            orchestrator.begin(CallRequest.to("search")).failed(new IOException("down"));
        }
    }

    private RecoveryProber prober(Executor executor) {
        return new RecoveryProber(List.of(probe), breakers, orchestrator, executor);
    }

    private CallOrchestrator orchestrator() {
        OutcomeClassifier classifier =
                Classifiers.generic(Duration.ofSeconds(30), ExceptionRules.NONE, List.of(), time);
        Guard guard = new Guard(List.of(breaker), classifier, CallListener.NONE);
        return new CallOrchestrator(Map.of("search", guard), time, events, new InternalFaults(time), false);
    }

    private static final class SearchProbe implements ProbeCall {

        private int calls;
        private boolean failing;

        @Override
        public String service() {
            return "search";
        }

        @Override
        public void probe() throws IOException {
            calls++;
            if (failing) {
                throw new IOException("still down");
            }
        }
    }
}
