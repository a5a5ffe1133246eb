package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerPathTest {

    private static final OutcomeClassifier CLASSIFIER = new OutcomeClassifier() {
        @Override
        public Outcome answered(CallRequest request, CallReport report, long durationNanos) {
            return Outcome.SUCCESS;
        }

        @Override
        public Outcome failed(CallRequest request, Throwable error, CallReport report) {
            return Outcome.failure(FailureCause.SERVER_ERROR);
        }
    };

    private final FakeTime time = new FakeTime();
    private final Events events = new Events();
    private final Guard open = new Guard(List.of(), CLASSIFIER, CallListener.NONE);
    private final Guard shut = new Guard(
            List.of((request, now) -> new Rejection(
                    RejectionReason.OPEN,
                    RejectionScope.SERVICE,
                    Duration.ofSeconds(7).toNanos(),
                    "")),
            CLASSIFIER,
            CallListener.NONE);
    private final CallOrchestrator orchestrator = new CallOrchestrator(
            Map.of("openai", open, "cache", open, "shut", shut), time, events, new InternalFaults(time), false);

    @AfterEach
    void leave() {
        events.close();
        assertThat(AnswerPath.current()).isNull();
    }

    @Test
    void tellsWhatBecameOfEachCall() {
        try (AnswerPath path = AnswerPath.open()) {
            catchThrowableOfType(CallRejectedException.class, () -> begin("shut"));
            OngoingCall failing = begin("openai");
            time.advance(Duration.ofSeconds(2));
            failing.failed(new IllegalStateException());
            begin("cache").missed();
            begin("openai").cancelled();
            begin("openai").succeeded();

            assertThat(path.steps())
                    .containsExactly(
                            new AnswerStep(
                                    "shut",
                                    AnswerStep.Result.REFUSED,
                                    "OPEN",
                                    false,
                                    Duration.ZERO,
                                    Duration.ofSeconds(7)),
                            step("openai", AnswerStep.Result.FAILED, "SERVER_ERROR", Duration.ofSeconds(2)),
                            step("cache", AnswerStep.Result.MISSED, null, Duration.ZERO),
                            step("openai", AnswerStep.Result.CANCELLED, "CANCELLED", Duration.ZERO),
                            step("openai", AnswerStep.Result.ANSWERED, null, Duration.ZERO));
            assertThat(path.answeredBy()).contains("openai");
            assertThat(path.isDegraded()).isFalse();
        }
    }

    @Test
    void knowsWhoAnsweredAlsoWhenItIsClosed() {
        AnswerPath path = AnswerPath.open();
        begin("openai").succeeded();
        path.close();

        begin("cache").succeeded();

        assertThat(path.answeredBy()).contains("openai");
    }

    @Test
    void keepsNoMoreThanTheFirstHundredSteps() {
        try (AnswerPath path = AnswerPath.open()) {
            for (int i = 0; i < 500; i++) {
                begin("openai").succeeded();
            }

            assertThat(path.steps()).hasSize(100);
        }
    }

    @Test
    void refusesWhatWouldBeginAfterTheTimeOfTheFirstCall() {
        OngoingCall first = orchestrator.begin(CallRequest.to("openai").deadline(Duration.ofSeconds(3)));
        time.advance(Duration.ofSeconds(2));
        first.failed(new IllegalStateException());

        AnswerPath around = AnswerPath.enter(AnswerPath.below(first));
        try {
            OngoingCall second = begin("cache");
            assertThat(second.isFallback()).isTrue();
            assertThat(second.request().deadline()).contains(Duration.ofSeconds(1));
            OngoingCall hasty = orchestrator.begin(CallRequest.to("cache").deadline(Duration.ofMillis(5)));
            assertThat(hasty.request().deadline()).contains(Duration.ofMillis(5));
            time.advance(Duration.ofSeconds(1));

            CallRejectedException refusal = catchThrowableOfType(CallRejectedException.class, () -> begin("cache"));

            assertThat(refusal.reason()).isEqualTo(RejectionReason.DEADLINE);
        } finally {
            AnswerPath.leave(around);
        }
    }

    @Test
    void gradesTheLastAnswerAlone() {
        try (AnswerPath path = AnswerPath.open()) {
            begin("openai").succeeded();
            path.graded(0.4);
            assertThat(path.confidence()).hasValue(0.4);

            begin("cache").succeeded();

            assertThat(path.confidence()).isEmpty();
        }
    }

    private OngoingCall begin(String service) {
        return orchestrator.begin(CallRequest.to(service));
    }

    private static AnswerStep step(String by, AnswerStep.Result result, String reason, Duration latency) {
        return new AnswerStep(by, result, reason, false, latency, null);
    }
}
