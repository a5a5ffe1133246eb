package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import org.junit.jupiter.api.Test;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;

class AiErrorReaderTest {

    private final AiErrorReader reader = new AiErrorReader();

    @Test
    void readsStatusAndBodyInTheWords() {
        CallReport report = reader.read(new NonTransientAiException(
                        "HTTP 429 - {\"error\":{\"message\":\"no luck\",\"code\":\"insufficient_quota\"}}"))
                .orElseThrow();

        assertThat(report.status()).hasValue(429);
        assertThat(report.code()).hasValue("insufficient_quota");
        assertThat(report.message()).hasValue("no luck");
    }

    @Test
    void readsAStatusWithoutABody() {
        assertThat(reader.read(new TransientAiException("503 - No response body available"))
                        .orElseThrow()
                        .status())
                .hasValue(503);
    }

    @Test
    void leavesOtherWordsAndOtherExceptionsToOthers() {
        assertThat(reader.read(new TransientAiException("no answer"))).isEmpty();
        assertThat(reader.read(new IllegalStateException("HTTP 429 - {}"))).isEmpty();
    }
}
