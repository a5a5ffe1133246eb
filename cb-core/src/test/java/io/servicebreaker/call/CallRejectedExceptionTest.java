package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallRejectedExceptionTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "1, 1 ms",
        "9999, 9999 ms",
        "10000, 10 s",
        "10001, 11 s",
        "59999, 60 s",
        "3600000, 3600 s",
    })
    void namesServiceReasonAndWhenToTryAgain(long millis, String shown) {
        CallRejectedException refusal = refusedFor(Duration.ofMillis(millis).toNanos(), "");

        assertThat(refusal).hasMessage("Call to 'openai' refused: OPEN; try again in " + shown);
    }

    @Test
    void saysNothingOfATimeThatNobodyKnows() {
        CallRejectedException refusal = refusedFor(Rejection.UNKNOWN_TIME, "");

        assertThat(refusal).hasMessage("Call to 'openai' refused: OPEN");
        assertThat(refusal.retryAfter()).isEmpty();
    }

    @Test
    void explainsItselfIfItCan() {
        CallRejectedException refusal = refusedFor(Duration.ofSeconds(12).toNanos(), "5 failures in a row");

        assertThat(refusal).hasMessage("Call to 'openai' refused: OPEN (5 failures in a row); try again in 12 s");
    }

    @Test
    void survivesSerialization() throws Exception {
        CallRejectedException refusal = refusedFor(Duration.ofSeconds(12).toNanos(), "5 failures in a row");

        CallRejectedException copy = copyOf(refusal);

        assertThat(copy).hasMessage(refusal.getMessage());
        assertThat(copy.reason()).isEqualTo(RejectionReason.OPEN);
        assertThat(copy.scope()).isEqualTo(RejectionScope.SERVICE);
        assertThat(copy.retryAfter()).contains(Duration.ofSeconds(12));
    }

    private static CallRejectedException refusedFor(long nanos, String explanation) {
        Rejection rejection = new Rejection(RejectionReason.OPEN, RejectionScope.SERVICE, nanos, explanation);
        return new CallRejectedException("openai", rejection, false);
    }

    private static CallRejectedException copyOf(CallRejectedException original)
            throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (CallRejectedException) in.readObject();
        }
    }

    @Test
    void keepsWhatItSuppresses() {
        Rejection rejection = new Rejection(RejectionReason.OPEN, RejectionScope.SERVICE, Rejection.UNKNOWN_TIME, "");
        CallRejectedException refusal = new CallRejectedException("openai", rejection, false);

        refusal.addSuppressed(new IllegalStateException("what led here"));

        assertThat(refusal.getSuppressed()).hasSize(1);
        assertThat(refusal.getStackTrace()).isEmpty();
    }
}
