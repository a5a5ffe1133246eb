package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

class ErrorReadersTest {

    private static final String QUOTA =
            "{\"error\":{\"message\":\"You exceeded your quota\",\"type\":\"insufficient_quota\",\"param\":null,"
                    + "\"code\":\"insufficient_quota\"}}";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(HttpErrorReaderAutoConfiguration.class));

    static Stream<Arguments> readers() {
        return Stream.of(
                Arguments.of(new RestClientErrorReader(ReportedHeaders.USUAL), restClient(429, QUOTA)),
                Arguments.of(new WebClientErrorReader(ReportedHeaders.USUAL), webClient(429, QUOTA)));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void readStatusHeadersAndCode(ErrorReader reader, Throwable error) {
        CallReport report = reader.read(error).orElseThrow();

        assertThat(report.status()).hasValue(429);
        assertThat(report.header("retry-after")).hasValue("20");
        assertThat(report.header("x-ratelimit-remaining-requests")).hasValue("0");
        assertThat(report.header("Set-Cookie")).isEmpty();
        assertThat(report.code()).hasValue("insufficient_quota");
    }

    @ParameterizedTest
    @MethodSource("readers")
    void leaveOtherExceptionsToOthers(ErrorReader reader) {
        assertThat(reader.read(new IllegalStateException())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"error\":{\"code\":\"rate_limit_exceeded\",\"type\":\"requests\"}} | rate_limit_exceeded",
                "{\"error\":{\"code\":\"credit_balance_exhausted\",\"type\":\"insufficient_quota\"}} | insufficient_quota",
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}} | overloaded_error",
                "{\"error\":{\"code\":null,\"type\":\"server_error\"}} | server_error",
                "{\"error\":{\"code\":42}} | 42",
                "{\"error\":{\"code\":\"429\",\"type\":\"requests\"}} | requests",
                "{\"error\":{\"type\":\"rate_limit_error\",\"details\":{\"error_code\":\"spent\"}}} | spent",
                "{\"error\":\"text\"} |",
                "{\"detail\":\"text\"} |",
                "{\"error\": |",
                "<html>Bad Gateway</html> |",
                "`` |"
            })
    void readTheCodeOfManyProviders(String body, String code) {
        CallReport report = new RestClientErrorReader(ReportedHeaders.USUAL)
                .read(restClient(500, body))
                .orElseThrow();

        assertThat(report.code()).isEqualTo(Optional.ofNullable(code));
    }

    @Test
    void readTheLimitHeadersOfProvidersThatOnlyTheUserKnows() {
        runner.withConfiguration(AutoConfigurations.of(ServiceBreakerAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(WebClientResponseException.class))
                .withPropertyValues(
                        "service-breaker.services.acme.provider=acme",
                        "service-breaker.profiles.acme.limits[0].unit=requests",
                        "service-breaker.profiles.acme.limits[0].limit=X-Acme-Most",
                        "service-breaker.profiles.acme.limits[0].remaining=X-Acme-Left",
                        "service-breaker.profiles.acme.limits[0].reset=X-Acme-Again")
                .run(context -> {
                    HttpHeaders headers = headers();
                    headers.set("x-acme-most", "60");
                    headers.set("x-acme-left", "0");
                    headers.set("x-acme-again", "20s");
                    RestClientResponseException error = new RestClientResponseException(
                            "error", HttpStatusCode.valueOf(429), "text", headers, bytes(""), StandardCharsets.UTF_8);

                    CallReport report =
                            context.getBean(ErrorReader.class).read(error).orElseThrow();

                    assertThat(report.header("x-acme-most")).hasValue("60");
                    assertThat(report.header("x-acme-left")).hasValue("0");
                    assertThat(report.header("x-acme-again")).hasValue("20s");
                });
    }

    @Test
    void leaveAHugeBodyAlone() {
        String body = "{\"error\":{\"code\":\"x\"}, \"more\":\"" + "x".repeat(20_000) + "\"}";

        assertThat(new RestClientErrorReader(ReportedHeaders.USUAL)
                        .read(restClient(500, body))
                        .orElseThrow()
                        .code())
                .isEmpty();
    }

    @Test
    void doNotKnowAStatusThatHttpDoesNotKnow() {
        assertThat(new RestClientErrorReader(ReportedHeaders.USUAL).read(restClient(999, "")))
                .isEmpty();
    }

    @Test
    void areThereForEachClientThatIsThere() {
        runner.run(
                context -> assertThat(context.getBeansOfType(ErrorReader.class)).hasSize(2));
        runner.withClassLoader(new FilteredClassLoader(WebClientResponseException.class))
                .run(context ->
                        assertThat(context).getBean(ErrorReader.class).isInstanceOf(RestClientErrorReader.class));
        runner.withClassLoader(new FilteredClassLoader("org.springframework.web"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ErrorReader.class));
    }

    private static RestClientResponseException restClient(int status, String body) {
        return new RestClientResponseException(
                "error", HttpStatusCode.valueOf(status), "text", headers(), bytes(body), StandardCharsets.UTF_8);
    }

    private static WebClientResponseException webClient(int status, String body) {
        return new WebClientResponseException(status, "text", headers(), bytes(body), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String body) {
        return body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    }

    private static HttpHeaders headers() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Retry-After", "20");
        headers.set("x-ratelimit-remaining-requests", "0");
        headers.set("Set-Cookie", "a=b");
        return headers;
    }
}
