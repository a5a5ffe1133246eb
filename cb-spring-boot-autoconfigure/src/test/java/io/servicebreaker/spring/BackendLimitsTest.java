package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.provider.LimitSnapshot;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Each deployment of a service has rate limits of its own. */
class BackendLimitsTest {

    private static final CallRequest OPENAI = CallRequest.to("openai");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(FakeTime.class)
            .withPropertyValues(
                    "service-breaker.services.openai.backends.eu.url=https://eu.example.com",
                    "service-breaker.services.openai.backends.us.url=https://us.example.com");

    @Test
    void theOneThatHasNoRequestsLeftIsPassedOverUntilItHas() {
        runner.run(context -> {
            answer(context, "eu", 0);
            for (int i = 0; i < 500; i++) {
                OngoingCall call = begin(context);
                assertThat(call.backend().id()).isEqualTo("us");
                call.cancelled();
            }

            context.getBean(FakeTime.class).advance(Duration.ofSeconds(100));

            beginAt(context, "eu").cancelled();
        });
    }

    @Test
    void aCallIsRefusedWhenNoneHasAnyLeftAndUntilTheFirstHas() {
        runner.run(context -> {
            answer(context, "eu", 0);
            context.getBean(FakeTime.class).advance(Duration.ofSeconds(1));
            answer(context, "us", 0);

            CallRejectedException refusal = refusal(context);

            assertThat(refusal.reason()).isEqualTo(RejectionReason.RATE_LIMITED);
            assertThat(refusal.retryAfter()).hasValue(Duration.ofMillis(1_200));
            context.getBean(FakeTime.class).advance(Duration.ofMillis(1_200));
            assertThat(begin(context).backend().id()).isEqualTo("eu");
        });
    }

    @Test
    void eachIsToldOfItsOwnAnswersAlone() {
        runner.run(context -> {
            answer(context, "eu", 40);
            answer(context, "us", 300);
            ProviderKnowledge knowledge = context.getBean(ProviderKnowledge.class);

            assertThat(knowledge.limits("openai")).isEmpty();
            assertThat(knowledge.limits("openai", "eu"))
                    .extracting(LimitSnapshot::remaining)
                    .containsExactly(40L);
            assertThat(knowledge.limits("openai", "us"))
                    .extracting(LimitSnapshot::remaining)
                    .containsExactly(300L);
        });
    }

    @Test
    void aCallThatALaterGateRefusesTakesNothing() {
        runner.withPropertyValues(
                        "service-breaker.services.openai.approaching-limit-floor=0",
                        "service-breaker.services.openai.max-concurrent-calls=1")
                .run(context -> {
                    answer(context, "us", 0);
                    answer(context, "eu", 2);
                    OngoingCall first = begin(context);
                    assertThat(refusal(context).reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS);
                    assertThat(refusal(context).reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS);
                    first.succeeded();

                    assertThatNoException().isThrownBy(() -> begin(context).succeeded());
                    assertThat(refusal(context).reason()).isEqualTo(RejectionReason.RATE_LIMITED);
                });
    }

    @Test
    void refusesNothingWhileAnOperatorLetsAllThrough() {
        runner.run(context -> {
            answer(context, "eu", 0);
            answer(context, "us", 0);
            context.getBean(Breakers.class).breaker("openai").observe("trying out", null);

            assertThatNoException().isThrownBy(() -> begin(context));
            assertThat(unenforced(context)).isOne();

            context.getBean(Breakers.class).breaker("openai").disable("maintenance", null);
            assertThatNoException().isThrownBy(() -> begin(context));
        });
    }

    @Test
    void aCallOfAnObservedServiceThatOneCanServeIsNoneThatWouldHaveBeenRefused() {
        runner.run(context -> {
            answer(context, "eu", 0);
            context.getBean(Breakers.class).breaker("openai").observe("trying out", null);

            for (int i = 0; i < 20; i++) {
                assertThat(begin(context).backend().id()).isEqualTo("us");
            }

            assertThat(unenforced(context)).isZero();
        });
    }

    @Test
    void aRefusalByLimitsAloneIsNotTheBreakers() {
        runner.run(context -> {
            answer(context, "eu", 0);
            answer(context, "us", 0);

            refusal(context);

            assertThat(context.getBean(Breakers.class)
                            .breaker("openai")
                            .snapshot()
                            .notPermittedCalls())
                    .isZero();
        });
    }

    private static long unenforced(ApplicationContext context) {
        return context.getBean(Breakers.class).breaker("openai").snapshot().unenforcedRefusals();
    }

    @Test
    void forgetsTheLimitsWithTheBreakerThatIsReset() {
        runner.run(context -> {
            answer(context, "eu", 0);
            answer(context, "us", 0);
            assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> begin(context));

            context.getBean(Breakers.class).breaker("openai").reset("limit raised", null);

            Awaitility.await()
                    .until(() -> context.getBean(ProviderKnowledge.class)
                            .limits("openai", "eu")
                            .isEmpty());
        });
    }

    /** Of 500, with five more each second where none is left. */
    private static void answer(ApplicationContext context, String backend, long remaining) {
        beginAt(context, backend)
                .succeeded(CallReport.ofStatus(200)
                        .header("x-ratelimit-limit-requests", "500")
                        .header("x-ratelimit-remaining-requests", Long.toString(remaining))
                        .header("x-ratelimit-reset-requests", "100s"));
    }

    private static OngoingCall beginAt(ApplicationContext context, String backend) {
        for (int i = 0; i < 1_000; i++) {
            OngoingCall call = begin(context);
            if (call.backend().id().equals(backend)) {
                return call;
            }
            call.cancelled();
        }
        throw new AssertionError("never chosen: " + backend);
    }

    private static OngoingCall begin(ApplicationContext context) {
        return context.getBean(CallOrchestrator.class).begin(OPENAI);
    }

    private static CallRejectedException refusal(ApplicationContext context) {
        return catchThrowableOfType(CallRejectedException.class, () -> begin(context));
    }
}
