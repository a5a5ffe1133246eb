package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorEventTest {

    @ParameterizedTest
    @CsvSource({
        "overloaded_error, 529",
        "overloaded, 529",
        "server_is_overloaded, 529",
        "rate_limit_error, 429",
        "rate_limit_exceeded, 429",
        "insufficient_quota, 429",
        "authentication_error, 401",
        "invalid_api_key, 401",
        "invalid_request_error, 400",
        "context_length_exceeded, 400",
        "content_filter, 400",
        "billing_error, 402",
        "timeout_error, 504",
        "Overloaded_Error, 529",
        "' 429 ', 429",
        "400, 400",
        "599, 599"
    })
    void infersTheStatusFromTheCode(String code, int status) {
        assertThat(ErrorEvent.status(code)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "api_error", "server_error", "unheard of", "200", "399", "600", "4000", "٤٠٠", "-400"})
    void blamesTheServerForWhatIsNotKnown(String code) {
        assertThat(ErrorEvent.status(code)).isEqualTo(500);
    }

    @Test
    void blamesTheServerIfNothingWasSaid() {
        assertThat(ErrorEvent.status(null)).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, insufficient_quota, QUOTA",
        "openai, organization_spend_limit_exceeded, QUOTA",
        "openai, rate_limit_exceeded, RATE_LIMIT",
        "openai, context_length_exceeded, CONTEXT_LENGTH",
        "openai, server_error, SERVER_ERROR",
        "anthropic, overloaded_error, OVERLOADED",
        "anthropic, billing_error, QUOTA",
        "anthropic, authentication_error, AUTHENTICATION",
        "generic, timeout_error, TIMEOUT"
    })
    void isJudgedByTheRulesOfItsProvider(String provider, String code, FailureCause cause) {
        CallReport report = CallReport.ofStatus(ErrorEvent.status(code)).code(code);
        ProfileClassifier classifier =
                Classifiers.of(provider, Duration.ofSeconds(30), ExceptionRules.NONE, List.of(), new FakeTime());

        Outcome outcome = classifier.answered(CallRequest.to(provider), report, 0);

        assertThat(outcome.cause()).isEqualTo(cause);
    }
}
