package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Received;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.http.ClientApplication.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;

/** What is one service's, and does not go to the one that is asked instead of it. */
class FallbackSecretsTest {

    private final LocalProvider first = new LocalProvider(Reply.json(200, "{}"));
    private final LocalProvider second = new LocalProvider(Reply.json(200, "{}"));

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "REST_TEMPLATE", "WEB_CLIENT"})
    void aSecondAccountAtTheSameAddressGetsNoneOfThem(Kind kind) {
        run(
                builder -> builder.withPropertyValues(
                        "service-breaker.services.second.endpoint-patterns=" + second.url() + "/v1/**",
                        "service-breaker.services.second.backends.other.url=" + first.url()),
                context -> {
                    kind.ask(context, first.url(), "/v1/chat");

                    assertThat(first.received()).hasSize(1);
                    assertThat(headers(first))
                            .doesNotContainKeys("x-api-key", "cookie", "x-identity")
                            .containsEntry("authorization", List.of("Bearer for second"));
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "REST_TEMPLATE", "WEB_CLIENT"})
    void whoAddsCredentialsKnowsTheBackend(Kind kind) {
        run(
                builder -> builder.withPropertyValues(
                        "service-breaker.services.second.backends.eu.url=" + second.url() + "/eu"),
                context -> {
                    kind.ask(context, first.url(), "/v1/chat");

                    assertThat(headers(second)).containsEntry("x-backend", List.of("eu"));
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT", "REST_TEMPLATE", "WEB_CLIENT"})
    void sessionsInThePathAndSignedValuesStayAtHome(Kind kind) {
        run(UnaryOperator.identity(), context -> {
            kind.ask(context, first.url(), "/v1/a;jsessionid=1/b;v=2?state=eyJhbGciOi.e30.x&lang=en");

            assertThat(second.received()).extracting(Received::path).containsExactly("/api/a/b");
            assertThat(second.received()).extracting(Received::query).containsExactly("lang=en");
        });
    }

    static Stream<Arguments> pathsThatLeave() {
        return Stream.of(Kind.REST_CLIENT, Kind.REST_TEMPLATE, Kind.WEB_CLIENT)
                .flatMap(kind -> Stream.of(
                                "/v1/../admin",
                                "/v1/..;/admin",
                                "/v1/..;x=1/admin",
                                "/v1/%2e%2E/admin",
                                "/v1/%252e%252e/admin",
                                "/v1/%2e%2e%3b/admin",
                                "/v1/a%2f..%5cadmin")
                        .map(path -> Arguments.of(kind, path)));
    }

    @ParameterizedTest
    @MethodSource("pathsThatLeave")
    void aPathThatMayLeaveTheBaseGoesNowhereElse(Kind kind, String path) {
        run(UnaryOperator.identity(), context -> {
            assertThat(catchThrowable(() -> kind.ask(context, first.url(), path)))
                    .isInstanceOf(CallRejectedException.class);

            assertThat(second.received()).isEmpty();
        });
    }

    private static Map<String, List<String>> headers(LocalProvider provider) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(provider.received().get(0).headers());
        return headers;
    }

    private static void addSecrets(HttpHeaders headers) {
        headers.setBearerAuth("for first");
        headers.set("x-api-key", "first");
        headers.set("Cookie", "id=first");
        headers.set("X-Identity", "eyJhbGciOi.e30.x");
    }

    private static void addOwn(String service, HttpHeaders headers) {
        headers.setBearerAuth("for " + service);
        Backend backend = Backend.current();
        headers.set("x-backend", backend == null ? "none" : backend.id());
    }

    /** With the first service refusing. */
    private void run(UnaryOperator<ApplicationContextRunner> more, Consumer<ApplicationContext> test) {
        String services = "service-breaker.services.";
        more.apply(ClientApplication.runner(first.url())
                        .withBean(FallbackHeaders.class, () -> FallbackSecretsTest::addOwn)
                        .withBean(
                                RestClientCustomizer.class,
                                () -> builder -> builder.defaultHeaders(FallbackSecretsTest::addSecrets))
                        .withBean(
                                RestTemplateCustomizer.class,
                                () -> template -> template.getClientHttpRequestInitializers()
                                        .add(request -> addSecrets(request.getHeaders())))
                        .withBean(
                                WebClientCustomizer.class,
                                () -> builder -> builder.defaultHeaders(FallbackSecretsTest::addSecrets)
                                        .defaultCookie("id", "first"))
                        .withPropertyValues(
                                services + "openai.endpoint-patterns=" + first.url() + "/v1/**",
                                services + "openai.fallback=second",
                                services + "second.endpoint-patterns=" + second.url() + "/api/**"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(Breakers.class).breaker("openai").forceOpen("test", null);
                    test.accept(context);
                });
    }
}
