package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CurrentCallTest {

    private final CallFixture fixture = new CallFixture();
    private final CallOrchestrator calls = fixture.behind(fixture.granting("gate"));

    @AfterEach
    void closeFixture() {
        fixture.close();
    }

    @Test
    void anOperationFindsItsCallAndNobodyAfterIt() throws Exception {
        OngoingCall found = calls.call(CallFixture.REQUEST.operation("chat"), CurrentCall::get);

        assertThat(found).isNotNull();
        assertThat(found.request().operation()).isEqualTo("chat");
        assertThat(CurrentCall.get()).isNull();
    }

    @Test
    void theInnermostCallIsCurrentAndTheOuterOneAgainAfterwards() throws Exception {
        List<String> found = new ArrayList<>();

        calls.call(CallFixture.REQUEST.operation("outer"), () -> {
            calls.call(CallFixture.REQUEST.operation("inner"), () -> found.add(operation()));
            return found.add(operation());
        });

        assertThat(found).containsExactly("inner", "outer");
    }

    @Test
    void anOperationThatThrowsLeavesNothingBehind() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> calls.call(CallFixture.REQUEST, () -> {
                    throw new IllegalStateException();
                }));

        assertThat(CurrentCall.get()).isNull();
    }

    @Test
    void whoStartsAStageFindsTheCall() {
        List<String> found = new ArrayList<>();

        calls.callAsync(CallFixture.REQUEST.operation("stage"), () -> {
            found.add(operation());
            return new CompletableFuture<>();
        });

        assertThat(found).containsExactly("stage");
        assertThat(CurrentCall.get()).isNull();
    }

    private static String operation() {
        OngoingCall call = CurrentCall.get();
        return call == null ? "none" : call.request().operation();
    }
}
