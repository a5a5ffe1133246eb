package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenUsagesTest {

    private static final CallRequest CALL = CallRequest.to("service");

    private final TokenUsages usages = new TokenUsages();

    @Test
    void tellsMeanAndDeviationOfTheCallsOfAModel() {
        finish(CALL.model("big"), 100, 10);
        finish(CALL.model("big"), 200, 10);
        finish(CALL.model("big"), 300, 40);

        TokenUsage usage = usages.snapshot().get("big");

        assertThat(usage.calls()).isEqualTo(3);
        assertThat(usage.input().mean()).isCloseTo(200, within(1e-9));
        assertThat(usage.input().deviation()).isCloseTo(Math.sqrt(20_000 / 3.0), within(1e-9));
        assertThat(usage.output().mean()).isCloseTo(20, within(1e-9));
        assertThat(usage.output().deviation()).isCloseTo(Math.sqrt(200), within(1e-9));
    }

    @Test
    void forgetsWhatUsedToBe() {
        IntStream.range(0, 100).forEach(i -> finish(CALL.model("big"), 1_000, 0));
        IntStream.range(0, 100).forEach(i -> finish(CALL.model("big"), 10, 0));

        assertThat(usages.snapshot().get("big").input().mean()).isBetween(10.0, 20.0);
    }

    @Test
    void takesTheModelThatAnsweredIfTheCallNamedNone() {
        CallReport report = CallReport.EMPTY.usage(new Usage(5, 7, 0));

        usages.finished(CALL, Outcome.SUCCESS.with(null, report.model("dated")), 0);
        usages.finished(CALL.model("asked"), Outcome.SUCCESS.with(null, report.model("dated")), 0);
        usages.finished(CALL, Outcome.SUCCESS.with(null, report), 0);

        assertThat(usages.snapshot()).containsOnlyKeys("asked", "dated");
        assertThat(usages.snapshot().get("dated").calls()).isEqualTo(1);
    }

    @Test
    void countsTheTokensOfCallsThatFailed() {
        CallReport report = CallReport.EMPTY.usage(new Usage(5, 7, 0));

        usages.finished(CALL.model("big"), Outcome.failure(FailureCause.TIMEOUT).with(null, report), 0);

        assertThat(usages.snapshot().get("big").output().mean()).isEqualTo(7);
    }

    @Test
    void learnsNothingOfACallThatDoesNotTell() {
        usages.finished(CALL.model("big"), Outcome.SUCCESS, 0);
        usages.finished(CALL.model("big"), Outcome.SUCCESS.with(null, CallReport.ofStatus(200)), 0);

        assertThat(usages.snapshot()).isEmpty();
    }

    @Test
    void learnsNothingOfMoreModelsThanAServiceHas() {
        IntStream.range(0, 300).forEach(i -> finish(CALL.model("model " + i), 1, 1));
        finish(CALL.model("model 0"), 1, 1);

        assertThat(usages.snapshot()).hasSize(200);
        assertThat(usages.snapshot().get("model 0").calls()).isEqualTo(2);
    }

    @Test
    void losesNoCallOfManyThreads() {
        IntStream.range(0, 20_000).parallel().forEach(i -> finish(CALL.model("big"), 10, 1));

        assertThat(usages.snapshot().get("big").calls()).isEqualTo(20_000);
    }

    private void finish(CallRequest request, int input, int output) {
        CallReport report = CallReport.ofStatus(200).usage(new Usage(input, output, 0));
        usages.finished(request, Outcome.SUCCESS.with(null, report), 0);
    }
}
