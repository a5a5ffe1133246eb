package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.Reason;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** A model may take longer than its siblings, and be given up sooner. */
class ModelOverridesTest {

    private static final CallRequest DEEP = CallRequest.to("perplexity").model("deep-research");
    private static final CallRequest QUICK = CallRequest.to("perplexity").model("sonar-4.1");
    private static final CallRequest BIG = CallRequest.to("cache").model("big");
    private static final CallRequest SMALL = CallRequest.to("cache").model("small");
    private static final CallRequest OTHER = CallRequest.to("perplexity").model("sonar-pro");

    private final FakeTime time = new FakeTime();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
            .withBean(TimeSource.class, () -> time)
            .withPropertyValues(
                    "service-breaker.services.perplexity.slow-call-duration-threshold=20s",
                    "service-breaker.services.perplexity.timeout-threshold=30s",
                    "service-breaker.services.perplexity.failure-threshold=6",
                    "service-breaker.services.perplexity.models.deep-research.slow-call-duration-threshold=5m",
                    "service-breaker.services.perplexity.models.deep-research.timeout-threshold=10m",
                    "service-breaker.services.perplexity.models[sonar-4.1].failure-threshold=1",
                    "service-breaker.services.perplexity.models[sonar-4.1].timeout-threshold=2s",
                    "service-breaker.services.perplexity.models[sonar-4.1].slow-call-duration-threshold=1s",
                    "service-breaker.services.cache.models.big.slow-call-duration-threshold=8s",
                    "service-breaker.services.cache.models.big.timeout-threshold=10s");

    @Test
    void aModelThatMayTakeLongerIsNeitherSlowNorTimedOutForItsService() {
        run(world -> {
            world.answer(DEEP, Duration.ofMinutes(4));

            assertThat(world.service().snapshot().failedCalls()).isZero();
            assertThat(world.service().snapshot().slowCalls()).isZero();
            assertThat(world.model("deep-research").snapshot().slowCalls()).isZero();
        });
    }

    @Test
    void aModelThatTakesLongerThanEvenItMayIsSlowAndThenTimedOut() {
        run(world -> {
            world.answer(DEEP, Duration.ofMinutes(6));
            assertThat(world.model("deep-research").snapshot().slowCalls()).isEqualTo(1);

            world.answer(DEEP, Duration.ofMinutes(11));

            assertThat(world.model("deep-research").snapshot().timedOutCalls()).isEqualTo(1);
        });
    }

    @Test
    void theOthersHaveTheTimesOfTheService() {
        run(world -> {
            world.answer(OTHER, Duration.ofSeconds(25));
            world.answer(OTHER, Duration.ofSeconds(31));

            assertThat(world.service().snapshot().timedOutCalls()).isEqualTo(1);
            assertThat(world.service().snapshot().slowCalls()).isEqualTo(2);
        });
    }

    @Test
    void aModelIsGivenUpAfterItsOwnNumberOfFailures() {
        run(world -> {
            world.answer(QUICK, Duration.ofSeconds(3));

            assertThat(world.model("sonar-4.1").state()).isEqualTo(BreakerState.OPEN);
            assertThat(world.service().state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @Test
    void whatIsNotSaidOfAModelIsHalfItsServicesPatience() {
        run(world -> {
            BreakerSettings settings = world.models().get("deep-research");

            assertThat(settings.failureThreshold()).isEqualTo(3);
            assertThat(settings.minimumCalls()).isEqualTo(5);
            assertThat(settings.recoveryTimeout())
                    .isEqualTo(world.service().snapshot().settings().recoveryTimeout());
        });
    }

    @Test
    void aLookUpInAModelWithItsOwnTimesIsAHitOrMissInItsTime() {
        run(world -> {
            world.begin(BIG, Duration.ofSeconds(7)).hit();
            world.begin(BIG, Duration.ofSeconds(7)).missed();
            world.begin(BIG, Duration.ofSeconds(7)).missed();
            world.begin(BIG, Duration.ofSeconds(9)).hit();

            assertThat(world.signal("hits")).isEqualTo(0.5);
            assertThat(world.cache().snapshot().slowCalls()).isEqualTo(1);
        });
    }

    @Test
    void aModelThatTimesOutByItsOwnTimeLengthensTheRowsOfItsService() {
        run(world -> {
            world.begin(BIG, Duration.ofSeconds(11)).succeeded();
            assertThat(world.signal("storage")).isEqualTo(1);

            for (int i = 0; i < 5; i++) {
                world.begin(SMALL, Duration.ofSeconds(31)).succeeded();
            }

            assertThat(world.cache().state()).isEqualTo(BreakerState.OPEN);
            assertThat(world.cache().snapshot().reason().rule()).isEqualTo(Reason.Rule.SIGNAL);
        });
    }

    @Test
    void anErrorOfAModelWithItsOwnTimesIsJudgedAsEver() {
        run(world -> {
            OngoingCall call = world.calls().begin(DEEP);
            call.succeeded(CallReport.ofStatus(429).header("retry-after", "7"));

            assertThat(world.service().snapshot().failedCalls()).isZero();
            assertThat(world.service().state()).isEqualTo(BreakerState.OPEN);
            assertThat(world.refusal(DEEP)).isEqualTo(RejectionReason.RATE_LIMITED);
        });
    }

    @Test
    void whatTheDefaultsSayOfAModelHoldsUnlessTheServiceSaysOtherwise() {
        runner.withPropertyValues(
                        "service-breaker.defaults.models.deep-research.timeout-threshold=1h",
                        "service-breaker.defaults.models.deep-research.recovery-timeout=90s")
                .run(context -> {
                    BreakerSettings settings = new World(context, time).models().get("deep-research");

                    assertThat(settings.timeoutThreshold()).hasMinutes(10);
                    assertThat(settings.recoveryTimeout()).hasSeconds(90);
                });
    }

    private void run(Consumer<World> test) {
        runner.run(context -> test.accept(new World(context, time)));
    }

    private record World(ApplicationContext context, FakeTime time) {

        CallOrchestrator calls() {
            return context.getBean(CallOrchestrator.class);
        }

        void answer(CallRequest request, Duration after) {
            begin(request, after).succeeded();
        }

        /** A call that has taken so long. */
        OngoingCall begin(CallRequest request, Duration before) {
            OngoingCall call = calls().begin(request);
            time.advance(before);
            return call;
        }

        @Nullable
        Double signal(String name) {
            return context.getBean(ServiceSignals.class).of("cache").readings().stream()
                    .filter(reading -> reading.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .value();
        }

        Breaker cache() {
            return context.getBean(Breakers.class).breaker("cache");
        }

        RejectionReason refusal(CallRequest request) {
            try {
                calls().begin(request).close();
            } catch (CallRejectedException refusal) {
                return refusal.reason();
            }
            throw new AssertionError("it was let through");
        }

        Breaker service() {
            return context.getBean(Breakers.class).breaker("perplexity");
        }

        Breaker model(String id) {
            return context.getBean(Breakers.class).scopes("perplexity").models().stream()
                    .filter(breaker -> breaker.scope().id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }

        Map<String, BreakerSettings> models() {
            return context.getBean(ConfiguredServices.class)
                    .service("perplexity")
                    .models();
        }
    }
}
