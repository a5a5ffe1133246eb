package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class ExchangesTest {

    private static final URI OPENAI = URI.create("https://api.openai.com/v1/chat/completions");
    private static final URI ELSEWHERE = URI.create("https://auth.example/token");
    private static final CallReport OK = CallReport.ofStatus(200);
    private static final CallReport DOWN = CallReport.ofStatus(500);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(TimeSource.class, FakeTime::new)
            .withPropertyValues(
                    "service-breaker.services.openai.endpoint-patterns=https://api.openai.com/**",
                    "service-breaker.services.openai.failure-threshold=2",
                    "service-breaker.services.images.endpoint-patterns=https://api.openai.com/v1/images/**",
                    "service-breaker.services.assistant.failure-threshold=2");

    @Test
    void anExchangeWithAServiceIsACallOfItsOwn() {
        run(world -> {
            world.begin(OPENAI, null).refused(DOWN);
            world.begin(OPENAI, null).failed(new IOException("reset"));

            assertThat(world.breaker("openai").state()).isEqualTo(BreakerState.OPEN);
            assertThatExceptionOfType(CallRejectedException.class)
                    .isThrownBy(() -> world.begin(OPENAI, null))
                    .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(RejectionReason.OPEN));
        });
    }

    @Test
    void anExchangeWithNobodysAddressIsNoneOfOurBusiness() {
        run(world -> assertThat(world.exchanges().begin(ELSEWHERE, null, () -> JsonRequest.UNKNOWN))
                .isNull());
    }

    @Test
    void theMostPrecisePatternDecides() {
        run(world -> {
            URI image = URI.create("https://api.openai.com/v1/images/generations");

            assertThat(world.begin(image, null).call().request().service()).isEqualTo("images");
        });
    }

    @Test
    void anExchangeInsideACallOfItsServiceIsAnAttemptAndNotCountedTwice() {
        run(world -> {
            OngoingCall call = world.call("openai");
            Exchange exchange = world.begin(OPENAI, call);

            exchange.refused(DOWN);
            call.failed(new IllegalStateException("after the only attempt"));

            assertThat(exchange.call()).isSameAs(call);
            assertThat(world.breaker("openai").snapshot().calls()).isEqualTo(1);
        });
    }

    @Test
    void anAttemptAfterTheBreakerHasOpenedIsRefused() {
        run(world -> {
            OngoingCall call = world.call("openai");
            world.begin(OPENAI, call).refused(DOWN);
            Exchange second = world.begin(OPENAI, call);
            second.refused(DOWN);

            assertThat(world.exchanges().isRepeatable(second)).isFalse();
            assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> world.begin(OPENAI, call));
            call.failed(new IllegalStateException("after two attempts"));
            assertThat(world.breaker("openai").snapshot().failedRecoveries()).isZero();
        });
    }

    @Test
    void anAttemptOfAProbeIsLetThrough() {
        run(world -> {
            world.breaker("openai").holdOpen(Duration.ofSeconds(20), RejectionReason.OPEN, "as asked");
            world.time().advance(Duration.ofSeconds(21));
            OngoingCall probe = world.call("openai");

            assertThat(world.begin(OPENAI, probe).call()).isSameAs(probe);
        });
    }

    @Test
    void anAttemptWhenAnOpenBreakerIsToBeProbedIsTheProbe() {
        run(world -> {
            OngoingCall call = world.call("openai");
            world.breaker("openai").holdOpen(Duration.ofSeconds(20), RejectionReason.OPEN, "as asked");
            world.time().advance(Duration.ofSeconds(21));

            Exchange exchange = world.begin(OPENAI, call);

            assertThat(exchange.call()).isNotSameAs(call);
            assertThat(world.breaker("openai").state()).isEqualTo(BreakerState.HALF_OPEN);
        });
    }

    @Test
    void anAttemptThatIsACallOfItsOwnHasTheTimeThatIsLeftOfTheDeadlineAround() {
        run(world -> {
            OngoingCall call = world.call(CallRequest.to("openai").deadline(Duration.ofSeconds(30)));
            world.breaker("openai").holdOpen(Duration.ofSeconds(20), RejectionReason.OPEN, "as asked");
            world.time().advance(Duration.ofSeconds(21));

            Exchange probe = world.begin(OPENAI, call);

            assertThat(probe.call().request().deadline()).contains(Duration.ofSeconds(9));
            probe.refused(DOWN);
            world.time().advance(Duration.ofMinutes(5));
            assertThatExceptionOfType(CallRejectedException.class)
                    .isThrownBy(() -> world.begin(OPENAI, call))
                    .matches(refusal -> refusal.reason() == RejectionReason.DEADLINE);
        });
    }

    @Test
    void anExchangeInsideAnotherServicesCallIsACallOfItsOwn() {
        run(world -> {
            OngoingCall call = world.call("assistant");

            world.begin(OPENAI, call).refused(DOWN);
            call.succeeded();

            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
            assertThat(world.breaker("assistant").snapshot().failedCalls()).isZero();
        });
    }

    @Test
    void whereNothingIsSaidOfAddressesTheCallAroundOwnsTheExchange() {
        run(world -> {
            OngoingCall call = world.call("assistant");

            world.begin(ELSEWHERE, call).refused(DOWN);

            assertThat(world.breaker("assistant").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    @Test
    void whereAddressesAreSaidAnotherOneDoesNotConcernTheCallAround() {
        run(world -> assertThat(world.exchanges().begin(ELSEWHERE, world.call("openai"), () -> JsonRequest.UNKNOWN))
                .isNull());
    }

    @Test
    void readsTheBodyOnlyOfACallOfItsOwn() {
        byte[] body = "{\"model\":\"gpt-5\"}".getBytes(StandardCharsets.UTF_8);
        run(world -> {
            OngoingCall call = world.call("openai");

            assertThat(world.exchanges()
                            .begin(OPENAI, null, () -> JsonRequest.of(body))
                            .call()
                            .request()
                            .model())
                    .isEqualTo("gpt-5");
            world.exchanges().begin(OPENAI, call, () -> {
                throw new AssertionError("a body was read for nothing");
            });
        });
    }

    @Test
    void aCallOfItsOwnEndsOnce() {
        run(world -> {
            Exchange exchange = world.begin(OPENAI, null);
            exchange.began(OK);
            exchange.progressed();
            exchange.completed();

            exchange.failed(new IOException("closed after all"));
            exchange.cancelled();

            assertThat(world.breaker("openai").snapshot().calls()).isEqualTo(1);
            assertThat(world.breaker("openai").snapshot().failedCalls()).isZero();
        });
    }

    @Test
    void anExchangeThatOutlivesItsCallCountsAsOneOfItsOwn() {
        run(world -> {
            OngoingCall call = world.call("openai");
            Exchange exchange = world.begin(OPENAI, call);
            call.succeeded(); // a method that hands over to its client's threads returns at once

            exchange.refused(DOWN);

            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    @Test
    void whatOutlivesACallThatHasFailedIsTheSameTrouble() {
        run(world -> {
            OngoingCall call = world.call("openai");
            Exchange exchange = world.begin(OPENAI, call);
            call.failed(new IOException("took too long"));

            exchange.failed(new IOException("took too long below, too"));

            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    @Test
    void anExchangeThatBeginsAfterTheCallAroundHasEndedIsACallOfItsOwn() {
        run(world -> {
            OngoingCall call = world.call("openai");
            call.succeeded();

            Exchange exchange = world.begin(OPENAI, call);
            exchange.refused(DOWN);

            assertThat(exchange.call()).isNotSameAs(call);
            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    @Test
    void whatOutlivesItsCallDecidesNothingOnceTheServiceIsClosedOff() {
        run(world -> {
            OngoingCall call = world.call("openai");
            Exchange exchange = world.begin(OPENAI, call);
            call.succeeded();
            world.breaker("openai").forceOpen("a test wants it", null);

            exchange.refused(DOWN);

            assertThat(world.breaker("openai").snapshot().notPermittedCalls()).isZero();
            assertThat(world.breaker("openai").snapshot().failedCalls()).isZero();
        });
    }

    @Test
    void anAnswerThatBreaksOffIsAFailure() {
        run(world -> {
            Exchange exchange = world.begin(OPENAI, null);
            exchange.began(OK);

            exchange.failed(new IOException("connection reset"));

            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    private void run(Consumer<World> test) {
        runner.run(context -> test.accept(new World(context)));
    }

    private record World(ApplicationContext context) {

        Exchanges exchanges() {
            return context.getBean(Exchanges.class);
        }

        Exchange begin(URI url, OngoingCall around) {
            Exchange exchange = exchanges().begin(url, around, () -> JsonRequest.UNKNOWN);
            assertThat(exchange).isNotNull();
            return exchange;
        }

        OngoingCall call(String service) {
            return call(CallRequest.to(service));
        }

        OngoingCall call(CallRequest request) {
            return context.getBean(CallOrchestrator.class).begin(request);
        }

        FakeTime time() {
            return context.getBean(FakeTime.class);
        }

        Breaker breaker(String service) {
            return context.getBean(Breakers.class).breaker(service);
        }
    }
}
