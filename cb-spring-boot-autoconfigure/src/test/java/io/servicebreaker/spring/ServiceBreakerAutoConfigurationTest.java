package io.servicebreaker.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.time.CoarseTime;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

@ExtendWith(OutputCaptureExtension.class)
class ServiceBreakerAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class));

    @Test
    void startsWithoutAnyServiceAndSaysSo(CapturedOutput output) {
        runner.run(context -> {
            assertThat(context.getBean(Breakers.class).all()).isEmpty();
            assertThat(output).containsOnlyOnce("No service is configured");
        });
    }

    @Test
    void hasNoBeansWhenDisabled() {
        runner.withPropertyValues("service-breaker.enabled=false", "service-breaker.services.openai.window=5s")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CallOrchestrator.class)
                        .doesNotHaveBean(Breakers.class)
                        .doesNotHaveBean(Events.class));
    }

    @Test
    void guardsTheCallsOfAConfiguredService() {
        runner.withPropertyValues("service-breaker.services.openai.failure-threshold=2")
                .run(context -> {
                    CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
                    CallRequest request = CallRequest.to("openai");

                    orchestrator.begin(request).failed(new IOException("reset"));
                    orchestrator.begin(request).failed(new IOException("reset"));

                    assertThat(context.getBean(Breakers.class).breaker("openai").state())
                            .isEqualTo(BreakerState.OPEN);
                    assertThatThrownBy(() -> orchestrator.begin(request)).isInstanceOf(CallRejectedException.class);
                });
    }

    @Test
    void takesTheServiceFirstThenTheDefaultsThenTheProvider() {
        runner.withPropertyValues(
                        "service-breaker.defaults.failure-threshold=4",
                        "service-breaker.defaults.window=90s",
                        "service-breaker.services.lightrag.window=10s",
                        "service-breaker.services.answers.provider=cache")
                .run(context -> {
                    ConfiguredServices services = context.getBean(ConfiguredServices.class);

                    ConfiguredService lightrag = services.service("lightrag");
                    assertThat(lightrag.provider().id()).isEqualTo("lightrag");
                    assertThat(lightrag.settings().window()).isEqualTo(Duration.ofSeconds(10));
                    assertThat(lightrag.settings().failureThreshold()).isEqualTo(4);
                    assertThat(lightrag.settings().timeoutThreshold()).isEqualTo(Duration.ofSeconds(150));
                    ConfiguredService answers = services.service("answers");
                    assertThat(answers.provider().id()).isEqualTo("cache");
                    assertThat(answers.settings().recoveryTimeout()).isEqualTo(Duration.ofSeconds(30));
                    assertThat(answers.settings().minimumCalls())
                            .isEqualTo(BreakerSettings.defaults().minimumCalls());
                });
    }

    @Test
    void takesAServiceThatNobodyKnowsForGeneric() {
        runner.withPropertyValues("service-breaker.services.weather.window=5s")
                .run(context -> assertThat(context.getBean(ConfiguredServices.class)
                                .service("weather")
                                .provider())
                        .isEqualTo(ProviderProfiles.bundled().of("generic")));
    }

    @Test
    void configuresAServiceWithoutSettings() {
        runner.withPropertyValues("service-breaker.services.cache=").run(context -> {
            ConfiguredService cache = context.getBean(ConfiguredServices.class).service("cache");

            assertThat(cache.settings())
                    .isEqualTo(ProviderProfiles.bundled().of("cache").settings());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache:", "cache: {}"})
    void configuresAServiceWithoutSettingsInYaml(String service) throws IOException {
        String yaml = "service-breaker:\n  services:\n    " + service;
        List<PropertySource<?>> sources =
                new YamlPropertySourceLoader().load("test", new ByteArrayResource(yaml.getBytes(UTF_8)));

        runner.withInitializer(
                        context -> sources.forEach(context.getEnvironment().getPropertySources()::addLast))
                .run(context -> assertThat(
                                context.getBean(ConfiguredServices.class).all())
                        .extracting(ConfiguredService::name)
                        .containsExactly("cache"));
    }

    @Test
    void leavesNoThreadBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<Thread> started = new ArrayList<>();

        runner.withPropertyValues("service-breaker.clock=coarse").run(context -> {
            started.addAll(Thread.getAllStackTraces().keySet());
            started.removeAll(before);
            started.removeIf(thread -> !thread.getName().startsWith("service-breaker"));
        });

        assertThat(started).hasSize(2);
        Awaitility.await().until(() -> started.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void boundsTheCallsUnderWay() {
        runner.withPropertyValues("service-breaker.services.openai.max-concurrent-calls=1")
                .run(context -> {
                    CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
                    OngoingCall first = orchestrator.begin(CallRequest.to("openai"));

                    assertThatThrownBy(() -> orchestrator.begin(CallRequest.to("openai")))
                            .isInstanceOfSatisfying(
                                    CallRejectedException.class,
                                    e -> assertThat(e.reason()).isEqualTo(RejectionReason.TOO_MANY_CALLS));
                    first.succeeded();
                    orchestrator.begin(CallRequest.to("openai")).succeeded();
                });
    }

    @Test
    void boundsTheProbesOverAllServices() {
        runner.withBean(FakeTime.class)
                .withPropertyValues(
                        "service-breaker.system.max-concurrent-recovery-attempts=1",
                        "service-breaker.services.openai.failure-threshold=1",
                        "service-breaker.services.cache.failure-threshold=1")
                .run(context -> {
                    CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
                    orchestrator.begin(CallRequest.to("openai")).failed(new IOException("reset"));
                    orchestrator.begin(CallRequest.to("cache")).failed(new IOException("reset"));
                    context.getBean(FakeTime.class).advance(Duration.ofMinutes(2));

                    orchestrator.begin(CallRequest.to("openai"));

                    assertThatThrownBy(() -> orchestrator.begin(CallRequest.to("cache")))
                            .isInstanceOfSatisfying(
                                    CallRejectedException.class,
                                    e -> assertThat(e.reason()).isEqualTo(RejectionReason.HALF_OPEN_FULL));
                });
    }

    @Test
    void readsACoarseClockWhenAsked() {
        runner.withPropertyValues("service-breaker.clock=coarse")
                .run(context -> assertThat(context.getBean(TimeSource.class)).isInstanceOf(CoarseTime.class));
    }

    @Test
    void backsOffForTheApplicationsOwnClock() {
        runner.withBean(FakeTime.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(TimeSource.class)
                        .getBean(TimeSource.class)
                        .isInstanceOf(FakeTime.class));
    }

    @Test
    void writesStackTracesWhenAsked() {
        runner.withPropertyValues(
                        "service-breaker.writable-stack-traces=true", "service-breaker.services.openai.window=5s")
                .run(context -> {
                    context.getBean(Breakers.class).breaker("openai").forceOpen("test", null);

                    assertThatThrownBy(() ->
                                    context.getBean(CallOrchestrator.class).begin(CallRequest.to("openai")))
                            .satisfies(e -> assertThat(e.getStackTrace()).isNotEmpty());
                });
    }

    @Test
    void publishesEventsToTheApplication() {
        runner.withUserConfiguration(Listening.class)
                .withPropertyValues("service-breaker.services.openai.window=5s")
                .run(context -> {
                    List<StateChanged> seen = context.getBean(Listening.class).seen;
                    context.getBean(Breakers.class).breaker("openai").forceOpen("maintenance", null);

                    context.close();

                    assertThat(seen)
                            .singleElement()
                            .satisfies(change -> assertThat(change.to()).isEqualTo(BreakerState.FORCED_OPEN));
                });
    }

    @Test
    void closingStopsEveryThreadAndChangesNoStateA66() {
        Set<Thread> ofOthers = threads();
        runner.withPropertyValues(
                        "service-breaker.services.openai.window=5s",
                        "service-breaker.services.openai.backends.eu.url=https://eu.example.com")
                .run(context -> {
                    Breaker breaker = context.getBean(Breakers.class).breaker("openai");
                    breaker.forceOpen("maintenance", null);
                    Set<Thread> own = threads();
                    own.removeAll(ofOthers);
                    assertThat(own)
                            .extracting(Thread::getName)
                            .contains(
                                    "service-breaker-events",
                                    "service-breaker-coordination",
                                    "service-breaker-correlation",
                                    "service-breaker-backends");

                    context.close();

                    Awaitility.await().until(() -> own.stream().noneMatch(Thread::isAlive));
                    assertThat(breaker.state()).isEqualTo(BreakerState.FORCED_OPEN);
                });
    }

    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("service-breaker"));
        return threads;
    }

    @Test
    void keepsFaultsOfListenersAndReadersAwayFromCalls() {
        runner.withBean(ErrorReader.class, () -> error -> {
                    throw new IllegalStateException("reader");
                })
                .withBean("bad", CallListenerFactory.class, () -> service -> new ThrowingListener())
                .withBean("good", CallListenerFactory.class, () -> service -> CallListener.NONE)
                .withPropertyValues("service-breaker.services.openai.failure-threshold=1")
                .run(context -> {
                    CallOrchestrator orchestrator = context.getBean(CallOrchestrator.class);
                    IOException own = new IOException("reset");

                    assertThatThrownBy(() -> orchestrator.call(CallRequest.to("openai"), () -> {
                                throw own;
                            }))
                            .isSameAs(own);
                    assertThatThrownBy(() -> orchestrator.begin(CallRequest.to("openai")))
                            .isInstanceOf(CallRejectedException.class);
                    assertThat(context.getBean(InternalFaults.class).count()).isEqualTo(3);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        private final List<StateChanged> seen = new CopyOnWriteArrayList<>();

        @EventListener
        void on(StateChanged change) {
            seen.add(change);
        }
    }

    private static final class ThrowingListener implements CallListener {

        @Override
        public void finished(CallRequest request, Outcome outcome, long durationNanos) {
            throw new IllegalStateException("finished");
        }

        @Override
        public void rejected(CallRequest request, Rejection rejection) {
            throw new IllegalStateException("rejected");
        }
    }
}
