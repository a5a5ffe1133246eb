package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.servicebreaker.breaker.BackendSnapshot;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What a client repeats within a call stays with the call's backend. */
class BackendExchangesTest {

    private static final URI OPENAI = URI.create("https://api.openai.com/v1/chat/completions");
    private static final CallReport DOWN = CallReport.ofStatus(500);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(TimeSource.class, FakeTime::new)
            .withPropertyValues(
                    "service-breaker.services.openai.endpoint-patterns=https://api.openai.com/**",
                    "service-breaker.services.openai.failure-threshold=2",
                    "service-breaker.services.openai.backends.eu.url=https://eu.example.com",
                    "service-breaker.services.openai.backends.us.url=https://us.example.com");

    @Test
    void anAttemptThatIsACallOfItsOwnGoesToTheBackendOfTheCallAround() {
        run(world -> {
            for (int i = 0; i < 40; i++) {
                OngoingCall call = world.call();
                call.succeeded();

                assertThat(world.begin(call).call().backend()).isEqualTo(call.backend());
            }
        });
    }

    @Test
    void anAttemptAfterItsCallHasEndedIsNotRefusedBecauseTheTimeOfThatIsUp() {
        run(world -> {
            OngoingCall call = world.call(CallRequest.to("openai").deadline(Duration.ofSeconds(10)));
            call.succeeded();
            world.time().advance(Duration.ofSeconds(11));

            OngoingCall again = world.begin(call).call();

            assertThat(again.request().deadline()).isEmpty();
            assertThat(again.backend()).isEqualTo(call.backend());
        });
    }

    @Test
    void anAttemptAfterTheBackendOfItsCallHasOpenedIsRefusedWhileTheOtherWorks() {
        run(world -> {
            OngoingCall call = world.call();
            Exchange first = world.begin(call);

            first.refused(DOWN);

            assertThat(world.exchanges().isRepeatable(first)).isFalse();
            assertThatExceptionOfType(CallRejectedException.class)
                    .isThrownBy(() -> world.begin(call))
                    .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(RejectionReason.OPEN));
            call.failed(new IllegalStateException("after the only attempt"));
            assertThat(world.call().backend()).isNotEqualTo(call.backend());
        });
    }

    @Test
    void anAttemptWhenTheBackendOfItsCallIsDueIsItsProbe() {
        run(world -> {
            OngoingCall call = world.call();
            world.begin(call).refused(DOWN);
            world.time().advance(Duration.ofSeconds(61));

            Exchange second = world.begin(call);

            assertThat(second.call()).isNotSameAs(call);
            assertThat(second.call().backend()).isEqualTo(call.backend());
            assertThat(world.seen(call.backend()).breaker().probesUnderWay()).isOne();
        });
    }

    @Test
    void anAttemptWithACredentialThatItsBackendRefusesIsRefused() {
        run(world -> {
            OngoingCall call = world.call(CallRequest.to("openai").credential("team"));
            Exchange first = world.begin(call);

            first.refused(CallReport.ofStatus(401));

            assertThat(world.exchanges().isRepeatable(first)).isFalse();
            assertThatExceptionOfType(CallRejectedException.class)
                    .isThrownBy(() -> world.begin(call))
                    .satisfies(refusal -> assertThat(refusal.scope()).isEqualTo(RejectionScope.CREDENTIAL));
            assertThat(world.call(CallRequest.to("openai").credential("team")).backend())
                    .isNotEqualTo(call.backend());
        });
    }

    @Test
    void whatOutlivesItsCallDecidesNothingOnceItsBackendIsClosedOff() {
        run(world -> {
            OngoingCall call = world.call();
            Exchange late = world.begin(call);
            call.succeeded();
            OngoingCall other = world.callAt(call.backend());
            other.failed(new ConnectException("down"));
            assertThat(world.seen(call.backend()).breaker().failedCalls()).isOne();

            late.refused(DOWN);

            assertThat(world.seen(call.backend()).breaker().failedCalls()).isOne();
            assertThat(world.seen(call.backend()).breaker().notPermittedCalls()).isZero();
        });
    }

    @Test
    void whatOutlivesItsCallCountsAtTheBackendOfTheCall() {
        run(world -> {
            OngoingCall call = world.call();
            Exchange late = world.begin(call);
            call.succeeded();

            late.refused(DOWN);

            assertThat(world.seen(call.backend()).breaker().failedCalls()).isOne();
        });
    }

    @Test
    void anAttemptOfAnObservedServiceGoesOn() {
        run(world -> {
            OngoingCall call = world.call();
            Exchange first = world.begin(call);
            first.refused(DOWN);
            world.context().getBean(Breakers.class).breaker("openai").observe("trying out", null);

            assertThat(world.exchanges().isRepeatable(first)).isTrue();
            assertThat(world.begin(call).call()).isSameAs(call);
        });
    }

    private void run(Consumer<World> test) {
        runner.run(context -> test.accept(new World(context)));
    }

    private record World(ApplicationContext context) {

        Exchanges exchanges() {
            return context.getBean(Exchanges.class);
        }

        Exchange begin(OngoingCall around) {
            return exchanges().begin(OPENAI, around, () -> JsonRequest.UNKNOWN);
        }

        OngoingCall call() {
            return call(CallRequest.to("openai"));
        }

        OngoingCall call(CallRequest request) {
            return context.getBean(CallOrchestrator.class).begin(request);
        }

        OngoingCall callAt(Backend backend) {
            return call(CallRequest.to("openai").at(backend));
        }

        FakeTime time() {
            return context.getBean(FakeTime.class);
        }

        BackendSnapshot seen(Backend backend) {
            return context.getBean(ServiceBackends.class).of("openai").orElseThrow().snapshot().stream()
                    .filter(seen -> seen.backend().equals(backend))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
