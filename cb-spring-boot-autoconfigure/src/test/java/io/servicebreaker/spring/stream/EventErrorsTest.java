package io.servicebreaker.spring.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.codec.ServerSentEvent;
import tools.jackson.databind.json.JsonMapper;

class EventErrorsTest {

    private final EventErrors errors = new EventErrors();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}|529|overloaded_error",
                "{\"error\":{\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}|429|rate_limit_exceeded",
                "{\"error\":{\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}|429|insufficient_quota",
                "{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"sorry\",\"param\":null}|500|server_error",
                "{\"error\":{\"code\":503,\"type\":\"unavailable\"}}|503|unavailable",
                "{\"error\":{\"code\":\"strange\",\"type\":\"invalid_request_error\"}}|400|strange",
                "{\"error\":{\"code\":\"401\"}}|401|401"
            })
    void readsCodeAndStatusFromData(String json, int status, String code) {
        Object parsed = JsonMapper.shared().readValue(json, Map.class);
        Object tree = JsonMapper.shared().readTree(json);

        for (Object data : new Object[] {json, parsed, tree}) {
            assertThat(read("error", data)).hasValueSatisfying(report -> {
                assertThat(report.status()).hasValue(status);
                assertThat(report.code()).contains(code);
            });
        }
    }

    @Test
    void readsTheWords() {
        assertThat(read("error", "{\"error\":{\"message\":\"prompt is too long\",\"type\":\"invalid_request_error\"}}"))
                .hasValueSatisfying(report -> assertThat(report.message()).contains("prompt is too long"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sorry", "{", "[1]", "null", "{\"error\":\"sorry\"}", "{\"error\":{\"code\":[]}}"})
    void blamesTheServerForAnErrorWithoutReason(String data) {
        assertThat(read("error", data)).hasValueSatisfying(report -> {
            assertThat(report.status()).hasValue(500);
            assertThat(report.code()).isEmpty();
        });
    }

    @Test
    void blamesTheServerForAnErrorWithoutData() {
        assertThat(errors.read(ServerSentEvent.builder().event("error").build()))
                .hasValueSatisfying(report -> assertThat(report.status()).hasValue(500));
    }

    @Test
    void readsAnErrorInPlaceOfAnAnswer() {
        assertThat(readNameless("{\"error\":{\"code\":\"rate_limit_exceeded\"}}"))
                .hasValueSatisfying(report -> assertThat(report.status()).hasValue(429));
        assertThat(readNameless(Map.of("error", Map.of("type", "server_error"))))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[]}", "{\"error\":null,\"choices\":[]}", "{\"error\"", "[DONE]", "error"})
    void takesNothingElseForAnError(String data) {
        assertThat(readNameless(data)).isEmpty();
        assertThat(read("message", data)).isEmpty();
        assertThat(errors.read(data)).isEmpty();
    }

    private Optional<CallReport> read(String name, Object data) {
        return errors.read(ServerSentEvent.builder(data).event(name).build());
    }

    private Optional<CallReport> readNameless(Object data) {
        return errors.read(ServerSentEvent.builder(data).build());
    }
}
