package io.servicebreaker.call;

import static io.servicebreaker.call.CallFixture.REQUEST;
import static io.servicebreaker.call.CallFixture.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OngoingCallTest {

    private final CallFixture fixture = new CallFixture();
    private final ScriptedGate gate = fixture.granting("gate");
    private final CallOrchestrator calls = fixture.behind(gate);

    @AfterEach
    void closeFixture() {
        fixture.close();
    }

    @Test
    void theFirstVerdictWins() {
        OngoingCall call = calls.begin(REQUEST);

        call.failed(new IOException("connection reset"));
        call.succeeded();
        call.cancelled();
        call.succeeded(CallReport.EMPTY);
        call.failed(new IOException("again"), CallReport.EMPTY);
        call.close();

        assertThat(gate.outcomes()).containsExactly(Outcome.failure(FailureCause.CONNECTION));
        assertThat(fixture.outcomes()).hasSize(1);
    }

    @Test
    void closingWithoutAVerdictIsNeutralAndGivesEverythingBack() {
        ConcurrencyLimit limit = new ConcurrencyLimit(1, Duration.ofMinutes(10));
        CallOrchestrator limited = fixture.behind(limit, gate);

        limited.begin(REQUEST).close();

        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.CANCELLED));
        assertThat(limit.underWay()).isZero();
    }

    @Test
    void closingAfterAVerdictChangesNothing() {
        OngoingCall call = calls.begin(REQUEST);

        call.succeeded();
        call.close();

        assertThat(gate.outcomes()).containsExactly(Outcome.SUCCESS);
    }

    @Test
    void aCancelledCallSaysNothingAboutTheService() {
        calls.begin(REQUEST).cancelled();

        assertThat(gate.outcomes()).containsExactly(Outcome.ignored(FailureCause.CANCELLED));
    }

    @Test
    void oneOfManyThreadsEndsTheCall() throws Exception {
        int threads = 4;
        int rounds = 200;
        ConcurrencyLimit limit = new ConcurrencyLimit(1, Duration.ofMinutes(10));
        CallOrchestrator limited = fixture.behind(limit, gate);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < rounds; round++) {
                raceToEnd(limited.begin(REQUEST), pool, threads);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(gate.finishes()).hasSize(rounds);
        assertThat(fixture.listener.finished()).hasSize(rounds);
        assertThat(limit.underWay()).isZero();
    }

    private static void raceToEnd(OngoingCall call, ExecutorService pool, int threads) throws Exception {
        List<Runnable> verdicts =
                List.of(call::succeeded, () -> call.failed(new IOException("late")), call::cancelled, call::close);
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Object>> racers = IntStream.range(0, threads)
                .mapToObj(racer -> pool.submit(() -> {
                    start.await();
                    verdicts.get(racer).run();
                    return (Object) racer;
                }))
                .toList();
        for (Future<Object> racer : racers) {
            racer.get();
        }
    }

    @Test
    void aLateAnswerIsATimeout() {
        OngoingCall call = calls.begin(REQUEST);

        fixture.time.advance(TIMEOUT.plusNanos(1));
        call.succeeded();

        assertThat(gate.outcomes())
                .containsExactly(Outcome.failure(FailureCause.TIMEOUT).remarked(Outcome.Remark.ANSWERED_LATE));
    }

    @Test
    void aStreamIsJudgedAtItsFirstPiece() {
        OngoingCall call = calls.begin(REQUEST);

        fixture.time.advance(Duration.ofMillis(300));
        call.answering();
        fixture.time.advance(TIMEOUT.multipliedBy(2));
        call.answering();
        call.succeeded();

        assertThat(gate.finishes())
                .containsExactly(new ScriptedGate.Finish(
                        Outcome.SUCCESS, Duration.ofMillis(300).toNanos(), fixture.time.nanos()));
    }

    @Test
    void whoMustKnowIsToldWhenAStreamBegan() {
        long begun = fixture.time.nanos();
        List<Long> told = new ArrayList<>();
        Permit permit = new Permit() {
            @Override
            public void finish(Outcome outcome, long durationNanos, long nowNanos) {
                told.add(durationNanos);
            }

            @Override
            public void answering(long begunNanos, long nowNanos) {
                told.add(begunNanos);
                told.add(nowNanos);
            }

            @Override
            public void finishStream(Outcome outcome, long begunNanos, long durationNanos, long nowNanos) {
                told.add(begunNanos);
            }
        };
        OngoingCall call = fixture.behind(gate, (request, now) -> permit).begin(REQUEST);

        fixture.time.advance(Duration.ofMillis(300));
        call.answering();
        long answered = fixture.time.nanos();
        fixture.time.advance(Duration.ofMinutes(2));
        call.answering();
        call.succeeded();

        assertThat(told).containsExactly(begun, answered, begun);
    }

    @Test
    void aStreamWhoseFirstPieceIsLateIsATimeout() {
        OngoingCall call = calls.begin(REQUEST);

        fixture.time.advance(TIMEOUT.plusNanos(1));
        call.answering();
        call.succeeded();

        assertThat(gate.outcomes())
                .containsExactly(Outcome.failure(FailureCause.TIMEOUT).remarked(Outcome.Remark.ANSWERED_LATE));
    }

    @Test
    void aStreamThatAnswersAtOnceTookNoTime() {
        OngoingCall call = calls.begin(REQUEST);

        call.answering();
        fixture.time.advance(TIMEOUT.multipliedBy(2));
        call.succeeded();

        assertThat(gate.finishes())
                .extracting(ScriptedGate.Finish::durationNanos)
                .containsExactly(0L);
    }

    @Test
    void aClockThatJumpsBackMakesNoNegativeDuration() {
        OngoingCall call = calls.begin(REQUEST);

        fixture.time.advance(Duration.ofMillis(-500));
        call.succeeded();

        assertThat(gate.finishes())
                .extracting(ScriptedGate.Finish::durationNanos)
                .containsExactly(0L);
    }

    @Test
    void aClockThatStandsStillMakesADurationOfZero() {
        calls.begin(REQUEST).succeeded();

        assertThat(gate.finishes())
                .extracting(ScriptedGate.Finish::durationNanos)
                .containsExactly(0L);
    }

    @Test
    void handsOnWhatTheCallTold() {
        CallReport report = CallReport.ofStatus(200).usage(new Usage(10, 20, 0));

        calls.begin(REQUEST).succeeded(report);

        assertThat(gate.outcomes()).extracting(Outcome::report).containsExactly(report);
    }

    @Test
    void judgesAFailureByWhatTheCallTold() {
        CallReport report = CallReport.ofStatus(503).header("Retry-After", "7");

        calls.begin(REQUEST).failed(new IllegalStateException("unavailable"), report);

        assertThat(gate.outcomes())
                .containsExactly(Outcome.failure(FailureCause.OVERLOADED)
                        .with(new Cooldown(Duration.ofSeconds(7), "retry-after"), report));
    }
}
