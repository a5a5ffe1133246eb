package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** What providers answer when they fail, sent over HTTP, read by real clients and judged by the bundled profiles. */
class ErrorFixturesTest {

    private static final Set<String> OWN_TIMES =
            Set.of("quota-exceeded-cooldown", "authentication-failure-escalation", "rate-limit-backoff-multiplier");

    private static HttpServer server;
    private static volatile ErrorFixture current;

    private final FakeTime time = new FakeTime();

    @BeforeAll
    static void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", ErrorFixturesTest::answer);
        server.start();
    }

    @AfterAll
    static void stopServer() {
        server.stop(0);
    }

    static Stream<ErrorFixture> answers() {
        return ErrorFixture.all().stream().filter(fixture -> fixture.status() > 0);
    }

    static Stream<ErrorFixture> exceptions() {
        return ErrorFixture.all().stream().filter(fixture -> fixture.exception() != null);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void areUnderstoodThroughRestClient(ErrorFixture fixture) {
        current = fixture;

        Throwable error =
                catchThrowable(() -> RestClient.create(url()).get().retrieve().toBodilessEntity());

        judge(fixture, error, new RestClientErrorReader(ReportedHeaders.USUAL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void areUnderstoodThroughWebClient(ErrorFixture fixture) {
        current = fixture;

        Throwable error = catchThrowable(() ->
                WebClient.create(url()).get().retrieve().toBodilessEntity().block());

        judge(fixture, error, new WebClientErrorReader(ReportedHeaders.USUAL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exceptions")
    void areUnderstoodByTheTypeOfTheException(ErrorFixture fixture) throws Exception {
        judge(
                fixture,
                new IllegalStateException("wrapped", NamedExceptions.create(fixture)),
                error -> java.util.Optional.empty());
    }

    @Test
    void areManyForEachProfile() {
        Map<String, Long> byProfile = ErrorFixture.all().stream()
                .collect(Collectors.groupingBy(ErrorFixture::profile, Collectors.counting()));

        assertThat(byProfile.keySet())
                .containsExactlyInAnyOrderElementsOf(ProviderProfiles.bundled().ids());
        assertThat(ErrorFixture.all())
                .hasSizeGreaterThanOrEqualTo(60)
                .allSatisfy(fixture ->
                        assertThat(fixture.source()).as("source of %s", fixture).isNotBlank());
    }

    private void judge(ErrorFixture fixture, Throwable error, ErrorReader reader) {
        time.advance(Duration.between(time.now(), fixture.now()));
        ProviderProfile profile =
                ProviderProfiles.bundled().find(fixture.profile()).orElseThrow();

        Outcome outcome = classifier(profile, reader).failed(CallRequest.to(fixture.profile()), error, null);

        ErrorFixture.Expected expected = fixture.expected();
        assertThat(outcome.cause()).as("cause of %s", fixture).isEqualTo(expected.cause());
        assertThat(outcome.kind() == Outcome.Kind.FAILURE)
                .as("whether %s counts", fixture)
                .isEqualTo(expected.counts());
        assertThat(outcome.scope()).as("scope of %s", fixture).isEqualTo(expected.scope());
        assertThat(profile.effect(expected.cause()).retryable())
                .as("whether %s is retryable", fixture)
                .isEqualTo(expected.retryable());
        assertThat(code(outcome)).as("code of %s", fixture).isEqualTo(expected.code());
        assertThat(askedFor(outcome)).as("time that %s names", fixture).isEqualTo(time(expected));
    }

    private ProfileClassifier classifier(ProviderProfile profile, ErrorReader reader) {
        return new ProfileClassifier(
                profile,
                BreakerSettings.defaults(),
                CooldownSettings.DEFAULTS,
                ExceptionRules.NONE,
                List.of(reader),
                time);
    }

    private static String code(Outcome outcome) {
        return outcome.report() == null ? null : outcome.report().code().orElse(null);
    }

    private static Duration askedFor(Outcome outcome) {
        Cooldown cooldown = outcome.cooldown();
        return cooldown == null || OWN_TIMES.contains(cooldown.source()) ? null : cooldown.duration();
    }

    /** A quota keeps it closed for a time of ours at least, so a shorter one that the provider names is not seen. */
    private static Duration time(ErrorFixture.Expected expected) {
        boolean tooShort = expected.cause() == FailureCause.QUOTA
                && expected.asked() != null
                && expected.asked().compareTo(CooldownSettings.DEFAULTS.quotaExceededCooldown()) <= 0;
        return tooShort ? null : expected.asked();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        ErrorFixture fixture = current;
        byte[] body = fixture.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        fixture.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(fixture.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
