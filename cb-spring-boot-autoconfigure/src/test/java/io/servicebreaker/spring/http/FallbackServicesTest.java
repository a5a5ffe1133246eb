package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.AnswerStep;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Received;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.actuate.ServiceBreakerMetricsAutoConfiguration;
import io.servicebreaker.spring.http.ClientApplication.Annotated;
import io.servicebreaker.spring.http.ClientApplication.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** A request to a service that does not answer is made to its fallback. */
class FallbackServicesTest {

    private static final Reply DOWN = Reply.error(503, "server_error");
    private static final Reply SECOND = Reply.json(200, "{\"from\": \"second\"}");
    private static final Reply THIRD = Reply.json(200, "{\"from\": \"third\"}");

    private final List<LocalProvider> providers = new ArrayList<>();
    private final List<String> properties = new ArrayList<>();

    @AfterEach
    void stop() {
        providers.forEach(LocalProvider::close);
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "REST_TEMPLATE", "WEB_CLIENT"})
    void aRefusedRequestGoesToTheFallbackWithoutSecretsOfTheFirst(Kind kind) {
        LocalProvider first = provider(SECOND);
        LocalProvider second = provider(SECOND);
        run(kind, first, second, null, world -> {
            world.open("openai");

            String answer = world.ask("/v1/chat/more?lang=en us&key=k1&api_key=k2&api-version=7");

            assertThat(answer).isEqualTo(SECOND.body());
            assertThat(first.received()).isEmpty();
            Received request = second.received().get(0);
            assertThat(request.path()).isEqualTo("/api/chat/more");
            assertThat(request.query()).isEqualTo("lang=en%20us&api-version=7");
            assertThat(request.body()).isEqualTo("{\"model\":\"gpt-5\"}");
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(request.headers());
            assertThat(headers)
                    .doesNotContainKeys("x-api-key", "cookie", "proxy-authorization", "x-upstream")
                    .containsEntry("authorization", List.of("Bearer for second"))
                    .containsEntry("traceparent", List.of("trace"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFailureIsAnsweredByTheFallbackAndCountsForTheFirst(Kind kind) {
        LocalProvider first = provider(DOWN);
        LocalProvider second = provider(SECOND);
        run(kind, first, second, null, world -> {
            try (AnswerPath path = AnswerPath.open()) {
                assertThat(world.ask("/v1/chat")).isEqualTo(SECOND.body());

                assertThat(path.answeredBy()).contains("second");
                assertThat(path.isDegraded()).isTrue();
                assertThat(path.steps()).extracting(AnswerStep::by).containsExactly("openai", "second");
            }
            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
            assertThat(world.breaker("openai").snapshot().calls()).isEqualTo(1);
            assertThat(world.breaker("second").snapshot().calls()).isEqualTo(1);
            assertThat(world.breaker("second").snapshot().failedCalls()).isZero();
            assertThat(world.hops()).containsExactly("openai OVERLOADED -> second ANSWERED second");
            assertThat(world.decisions().get(0).reason())
                    .isEqualTo("Call to 'openai' failed: OVERLOADED (FailedAnswerException);"
                            + " asked is the service second");
            assertThat(world.masked("openai", "second")).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whoCannotBeReachedIsReplacedToo(Kind kind) {
        LocalProvider first = provider(DOWN);
        LocalProvider second = provider(SECOND);
        first.close();
        run(kind, first, second, null, world -> {
            assertThat(world.ask("/v1/chat")).isEqualTo(SECOND.body());

            assertThat(world.hops()).containsExactly("openai CONNECTION -> second ANSWERED second");
        });
    }

    @ParameterizedTest
    @EnumSource
    void aMistakeOfTheCallersStaysWithTheCaller(Kind kind) {
        String words = "x".repeat(100_000);
        LocalProvider second = provider(SECOND);
        run(kind, provider(Reply.json(400, words)), second, null, world -> {
            Throwable error = world.fail();

            assertThat(status(error)).isEqualTo(400);
            assertThat(body(error)).isEqualTo(words);
            assertThat(second.received()).isEmpty();
            assertThat(world.decisions()).isEmpty();
            assertThat(world.breaker("openai").snapshot().failedCalls()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatHasBegunIsNotReplaced(Kind kind) {
        LocalProvider second = provider(SECOND);
        run(kind, provider(Reply.json(200, "{\"from\": ").broken()), second, null, world -> {
            assertThat(world.fail()).isNotNull();

            assertThat(second.received()).isEmpty();
            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void ifAllAreDownTheErrorIsThatOfTheLast(Kind kind) {
        LocalProvider first = provider(DOWN);
        LocalProvider second = provider(Reply.error(502, "second"));
        run(kind, first, second, null, world -> {
            Throwable error = world.fail();

            assertThat(status(error)).isEqualTo(502);
            assertThat(body(error)).contains("second");
            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
            assertThat(world.breaker("second").snapshot().failedCalls()).isEqualTo(1);
            assertThat(world.hops())
                    .containsExactlyInAnyOrder(
                            "openai OVERLOADED -> second FAILED null", "second SERVER_ERROR -> null NOBODY_ASKED null");
            assertThat(world.masked("openai", "second")).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void ifTheLastRefusesItTellsWhatHappenedBefore(Kind kind) {
        run(kind, provider(DOWN), provider(SECOND), null, world -> {
            world.open("second");

            Throwable error = world.fail();

            assertThat(error).isInstanceOfSatisfying(CallRejectedException.class, refusal -> {
                assertThat(refusal.service()).isEqualTo("second");
                assertThat(refusal.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .contains("'openai' answered with status 503");
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void insideOfAGuardedCallOfTheServiceThatCallDecides(Kind kind) {
        LocalProvider second = provider(SECOND);
        run(kind, provider(DOWN), second, null, world -> {
            Annotated annotated = world.context().getBean(Annotated.class);

            assertThatThrownBy(() -> annotated.openai(() -> world.ask("/v1/chat")));

            assertThat(second.received()).isEmpty();
            assertThat(world.breaker("openai").snapshot().failedCalls()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void insideOfAGuardedCallOfAnotherServiceItIsReplaced(Kind kind) {
        run(kind, provider(DOWN), provider(SECOND), null, world -> {
            Annotated annotated = world.context().getBean(Annotated.class);

            assertThat(annotated.assistant(() -> world.ask("/v1/chat"))).isEqualTo(SECOND.body());
            assertThat(world.breaker("assistant").snapshot().failedCalls()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aLadderOfThreeIsAskedOneAfterTheOther(Kind kind) {
        LocalProvider third = provider(THIRD);
        run(kind, provider(DOWN), provider(DOWN), third, world -> {
            assertThat(world.ask("/v1/chat")).isEqualTo(THIRD.body());
            world.open("second");
            assertThat(world.ask("/v1/chat")).isEqualTo(THIRD.body());

            assertThat(third.received()).extracting(Received::path).containsExactly("/deep/er/chat", "/deep/er/chat");
            assertThat(world.hops())
                    .containsExactlyInAnyOrder(
                            "openai OVERLOADED -> second ANSWERED third",
                            "second OVERLOADED -> third ANSWERED third",
                            "openai OVERLOADED -> second ANSWERED third",
                            "second FORCED_OPEN -> third ANSWERED third");
        });
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsAskedInsteadOfAServiceThatIsNotToCascade(Kind kind) {
        LocalProvider second = provider(SECOND);
        properties.add("service-breaker.services.openai.cascade-to-fallback=false");
        run(kind, provider(DOWN), second, null, world -> {
            assertThat(status(world.fail())).isEqualTo(503);
            world.open("openai");
            assertThat(world.fail()).isInstanceOf(CallRejectedException.class);

            assertThat(second.received()).isEmpty();
            assertThat(world.hops())
                    .containsExactly(
                            "openai OVERLOADED -> null NOBODY_ASKED null",
                            "openai FORCED_OPEN -> null NOBODY_ASKED null");
            assertThat(world.decisions()).allSatisfy(decision -> {
                assertThat(decision.options()).containsExactly("second");
                assertThat(decision.reason()).endsWith("; its cascade-to-fallback is false");
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFallbackWithBackendsIsAskedAtOneOfThem(Kind kind) {
        LocalProvider backend = provider(SECOND);
        LocalProvider second = provider(DOWN);
        properties.add("service-breaker.services.second.backends.eu.url=" + backend.url() + "/eu");
        run(kind, provider(DOWN), second, null, world -> {
            assertThat(world.ask("/v1/chat")).isEqualTo(SECOND.body());

            assertThat(backend.received()).extracting(Received::path).containsExactly("/eu/api/chat");
            assertThat(second.received()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "REST_TEMPLATE", "WEB_CLIENT"})
    void anAddressThatLeavesTheBaseOfTheFirstGoesNowhereElse(Kind kind) {
        LocalProvider second = provider(SECOND);
        run(kind, provider(DOWN), second, null, world -> {
            world.open("openai");

            assertThat(catchThrowable(() -> world.ask("/v1/../admin"))).isInstanceOf(CallRejectedException.class);

            assertThat(second.received()).isEmpty();
            assertThat(world.decisions().get(0).reason())
                    .endsWith("the address of the request has no counterpart at second");
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatTheApplicationThrowsForTheFallbackIsNotItsFault(Kind kind) {
        LocalProvider second = provider(SECOND);
        run(kind, provider(DOWN), second, null, world -> {
            IllegalStateException own = new IllegalStateException("no credentials");
            world.context().getBean(Credentials.class).failure = own;

            assertThat(world.fail()).hasStackTraceContaining("no credentials");

            assertThat(second.received()).isEmpty();
            assertThat(world.breaker("second").snapshot().calls()).isZero();
            assertThat(world.hops()).containsExactly("openai OVERLOADED -> second CANCELLED null");
        });
    }

    /** What the second service needs. */
    static class Credentials implements FallbackHeaders {

        private RuntimeException failure;

        @Override
        public void prepare(String service, HttpHeaders headers) {
            if (failure != null) {
                throw failure;
            }
            headers.setBearerAuth("for " + service);
        }
    }

    private LocalProvider provider(Reply reply) {
        LocalProvider provider = new LocalProvider(reply);
        providers.add(provider);
        return provider;
    }

    private void run(Kind kind, LocalProvider first, LocalProvider second, LocalProvider third, Consumer<World> test) {
        String service = "service-breaker.services.";
        if (third != null) {
            properties.add(service + "second.fallback=third");
            properties.add(service + "third.endpoint-patterns=" + third.url() + "/deep/er/**");
        }
        ClientApplication.runner(first.url())
                .withConfiguration(AutoConfigurations.of(ServiceBreakerMetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .withBean(Credentials.class)
                .withBean(
                        RestClientCustomizer.class, () -> builder -> builder.defaultHeaders(FallbackServicesTest::add))
                .withBean(
                        RestTemplateCustomizer.class,
                        () -> template ->
                                template.getClientHttpRequestInitializers().add(request -> add(request.getHeaders())))
                .withBean(
                        WebClientCustomizer.class,
                        () -> builder -> builder.defaultHeaders(FallbackServicesTest::add)
                                .defaultCookie("id", "first"))
                .withPropertyValues(
                        service + "openai.endpoint-patterns=" + first.url() + "/v1/**",
                        service + "openai.fallback=second",
                        "service-breaker.defaults.failure-threshold=5",
                        service + "second.endpoint-patterns=" + second.url() + "/api/**")
                .withPropertyValues(properties.toArray(String[]::new))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(meters));
                    test.accept(new World(context, kind, first));
                });
    }

    private static void add(HttpHeaders headers) {
        headers.setBearerAuth("for first");
        headers.set("x-api-key", "first");
        headers.set("Proxy-Authorization", "Basic first");
        headers.set("Cookie", "id=first");
        headers.set("X-Upstream", "Bearer first");
        headers.set("traceparent", "trace");
    }

    private static int status(Throwable error) {
        return error instanceof WebClientResponseException reactive
                ? reactive.getStatusCode().value()
                : ((RestClientResponseException) error).getStatusCode().value();
    }

    private static String body(Throwable error) {
        return error instanceof WebClientResponseException reactive
                ? reactive.getResponseBodyAsString()
                : ((RestClientResponseException) error).getResponseBodyAsString();
    }

    private record World(ApplicationContext context, Kind kind, LocalProvider first) {

        String ask(String path) {
            return kind.ask(context, first.url(), path);
        }

        Throwable fail() {
            return catchThrowable(() -> ask("/v1/chat"));
        }

        void open(String service) {
            breaker(service).forceOpen("test", null);
        }

        Breaker breaker(String service) {
            return context.getBean(Breakers.class).breaker(service);
        }

        /** The oldest first. */
        List<DecisionRecord> decisions() {
            List<DecisionRecord> newest =
                    new ArrayList<>(context.getBean(Decisions.class).newest(100, decision -> true));
            Collections.reverse(newest);
            return newest;
        }

        List<String> hops() {
            return decisions().stream()
                    .map(hop -> hop.service() + " " + (hop.cause() == null ? hop.refusal() : hop.cause()) + " -> "
                            + hop.chosen() + " " + hop.result() + " "
                            + (hop.answer() == null ? null : hop.answer().by()))
                    .toList();
        }

        double masked(String service, String by) {
            var counter = context.getBean(MeterRegistry.class)
                    .find("circuit.breaker.masked.failures")
                    .tags("service", service, "answered.by", by)
                    .counter();
            return counter == null ? 0 : counter.count();
        }
    }
}
