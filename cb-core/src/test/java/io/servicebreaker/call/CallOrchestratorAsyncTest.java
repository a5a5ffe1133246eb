package io.servicebreaker.call;

import static io.servicebreaker.call.CallFixture.OPEN;
import static io.servicebreaker.call.CallFixture.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallOrchestratorAsyncTest {

    private final CallFixture fixture = new CallFixture();
    private final ScriptedGate gate = fixture.granting("gate");
    private final CallOrchestrator calls = fixture.behind(gate);

    @AfterEach
    void closeFixture() {
        fixture.close();
    }

    @Test
    void returnsTheVeryStageOfTheOperation() {
        CompletableFuture<String> own = new CompletableFuture<>();

        CompletionStage<String> returned = calls.callAsync(REQUEST, () -> own);

        assertThat(returned).isSameAs(own);
    }

    @Test
    void theCallEndsWhenTheStageDoes() {
        CompletableFuture<String> own = new CompletableFuture<>();
        calls.callAsync(REQUEST, () -> own);
        assertThat(gate.finishes()).isEmpty();

        fixture.time.advance(Duration.ofMillis(3));
        own.complete("answer");

        assertThat(gate.finishes())
                .containsExactly(new ScriptedGate.Finish(Outcome.SUCCESS, 3_000_000, fixture.time.nanos()));
    }

    @Test
    void aStageThatIsCompletedAlreadyEndsTheCallAtOnce() {
        calls.callAsync(REQUEST, () -> CompletableFuture.completedStage("answer"));

        assertThat(fixture.outcomes()).containsExactly(Outcome.SUCCESS);
    }

    @Test
    void aFailedStageIsAFailure() {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletionStage<Integer> derived = own.thenApply(String::length);
        calls.callAsync(REQUEST, () -> derived);

        own.completeExceptionally(new IOException("connection reset"));

        assertThat(gate.outcomes()).containsExactly(Outcome.failure(FailureCause.CONNECTION));
    }

    @Test
    void aRefusalIsAFailedStage() {
        AtomicBoolean called = new AtomicBoolean();
        CallOrchestrator refusing = fixture.behind(fixture.refusing("breaker", OPEN));

        CompletionStage<String> returned = refusing.callAsync(REQUEST, () -> {
            called.set(true);
            return CompletableFuture.completedStage("answer");
        });

        assertThat(returned).isCompletedExceptionally();
        assertThat(errorOf(returned)).isInstanceOf(CallRejectedException.class);
        assertThat(called).isFalse();
    }

    @Test
    void whatTheOperationThrowsFailsTheStage() {
        IllegalStateException broken = new IllegalStateException("not started");

        CompletionStage<String> returned = calls.callAsync(REQUEST, () -> {
            throw broken;
        });

        assertThat(errorOf(returned)).isSameAs(broken);
        assertThat(gate.outcomes()).containsExactly(Outcome.failure(FailureCause.UNKNOWN));
    }

    @Test
    void anErrorOfTheOperationFailsTheStageAndSaysNothingAboutTheService() {
        AssertionError error = new AssertionError("ours");

        CompletionStage<String> returned = calls.callAsync(REQUEST, () -> {
            throw error;
        });

        assertThat(errorOf(returned)).isSameAs(error);
        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.LOCAL_ERROR));
    }

    @Test
    void anOperationThatReturnsNoStageFails() {
        CompletionStage<String> returned = calls.callAsync(REQUEST, () -> null);

        assertThat(errorOf(returned)).isInstanceOf(NullPointerException.class);
        assertThat(gate.finishes()).hasSize(1);
    }

    @Test
    void aCancelledFutureSaysNothingAboutTheService() {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletionStage<String> returned = calls.callAsync(REQUEST, () -> own);

        returned.toCompletableFuture().cancel(true);

        assertThat(own).isCancelled();
        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void aCancelledFutureBehindTheReturnedOneSaysNothingAboutTheService() {
        CompletableFuture<String> inner = new CompletableFuture<>();
        calls.callAsync(REQUEST, () -> inner.thenApply(String::length));

        inner.cancel(true);

        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void aFaultOfOursDoesNotReachTheStage() {
        CallOrchestrator faulty = fixture.behind(
                new ConcurrencyLimit(1, Duration.ofMinutes(10)),
                (request, now) -> (Permit) (outcome, duration, end) -> {
                    throw new IllegalStateException("permit");
                });
        CompletableFuture<String> own = new CompletableFuture<>();

        CompletionStage<String> returned = faulty.callAsync(REQUEST, () -> own);
        own.complete("answer");

        assertThat(returned).isCompletedWithValue("answer");
        assertThat(fixture.faults.count()).isEqualTo(1);
    }

    private static Throwable errorOf(CompletionStage<?> stage) {
        return stage.handle((result, error) -> error).toCompletableFuture().join();
    }
}
