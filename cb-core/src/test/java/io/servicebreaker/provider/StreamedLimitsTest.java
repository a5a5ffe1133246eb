package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the head of a streamed answer said is a minute old when the stream ends. */
class StreamedLimitsTest {

    private static final CallRequest CALL = CallRequest.to("openai");

    @AutoClose
    private final Events events = new Events();

    private final FakeTime time = new FakeTime();
    private final RateLimits limits = new RateLimits(
            ProviderProfiles.bundled().of("openai").limits(), LimitSettings.DEFAULTS, time, () -> true, share -> {});
    private final CallOrchestrator calls = orchestrator();

    @Test
    void forgetsWhatAHeadSaidWhenItsResetIsOverAtTheEndOfTheStream() {
        OngoingCall stream = begin();
        seconds(1);
        head(stream, 0, "20s");
        seconds(60);

        stream.succeeded();

        assertThatNoException().isThrownBy(this::begin);
        assertThat(limits.ignoredTimes()).isZero();
    }

    @Test
    void countsTheResetFromTheHeadOfTheStream() {
        OngoingCall stream = begin();
        head(stream, 0, "600s");
        seconds(1);

        stream.succeeded();

        CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, this::begin);
        assertThat(refusal.retryAfter()).hasValue(Duration.ofSeconds(9));
    }

    @Test
    void believesTheAnswerToAYoungerCallMoreThanTheHeadOfAStream() {
        OngoingCall stream = begin();
        head(stream, 50, "600s");
        seconds(30);
        begin().succeeded(report(1, "20h"));
        seconds(30);

        stream.succeeded();

        assertThat(limits.snapshot().get(0).remaining()).isEqualTo(1);
    }

    @Test
    void datesTheAnswerOfAnAttemptThatFailedByItsHeadToo() {
        OngoingCall call = begin();
        call.attempted(report(0, "20s").status(429));
        seconds(60);

        call.failed(new ConnectException("refused"));

        assertThatNoException().isThrownBy(this::begin);
    }

    private CallOrchestrator orchestrator() {
        ProviderProfile profile = ProviderProfiles.bundled().of("openai");
        BreakerSettings settings = profile.settings();
        ProfileClassifier classifier = new ProfileClassifier(
                profile,
                settings,
                CooldownSettings.DEFAULTS,
                ExceptionRules.NONE,
                List.of(),
                time,
                new HealthSignals(List.of(), settings, time));
        Guard guard = new Guard(List.of(limits), classifier, limits);
        return new CallOrchestrator(Map.of("openai", guard), time, events, new InternalFaults(time), false);
    }

    private OngoingCall begin() {
        return calls.begin(CALL);
    }

    private void seconds(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    private static void head(OngoingCall stream, long remaining, String reset) {
        stream.told(report(remaining, reset));
        stream.answering();
    }

    private static CallReport report(long remaining, String reset) {
        return CallReport.ofStatus(200)
                .header("x-ratelimit-limit-requests", "60")
                .header("x-ratelimit-remaining-requests", Long.toString(remaining))
                .header("x-ratelimit-reset-requests", reset);
    }
}
