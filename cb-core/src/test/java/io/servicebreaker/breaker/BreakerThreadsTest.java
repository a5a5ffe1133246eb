package io.servicebreaker.breaker;

import static io.servicebreaker.breaker.Patient.PROBES;
import static io.servicebreaker.breaker.Patient.RECOVERY;
import static io.servicebreaker.breaker.Patient.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.RejectionReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;

/** Many threads on one breaker. */
class BreakerThreadsTest {

    private static final int THREADS = 16;
    private static final int CALLS = 2_000;

    @AutoClose
    private final Patient patient = new Patient(settings().minimumCalls(Integer.MAX_VALUE));

    @RepeatedTest(20)
    void grantsExactlyAsManyProbesAsAllowed() {
        patient.open();
        patient.time.advance(RECOVERY);
        ConcurrentLinkedQueue<Permit> probes = new ConcurrentLinkedQueue<>();

        Threads.run(THREADS, thread -> {
            for (int i = 0; i < 100; i++) {
                if (patient.ask() instanceof Permit permit) {
                    probes.add(permit);
                }
            }
        });

        assertThat(probes).hasSize(PROBES).hasOnlyElementsOfType(ProbePermit.class);
        assertThat(patient.snapshot().notPermittedCalls()).isEqualTo(THREADS * 100 - PROBES);
        assertThat(patient.changes()).hasSize(2);
    }

    @RepeatedTest(5)
    void neverHasMoreProbesUnderWayThanAllowed() {
        patient.open();
        patient.time.advance(RECOVERY);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LongAdder probes = new LongAdder();

        Threads.run(THREADS, thread -> {
            for (int i = 0; i < CALLS; i++) {
                if (patient.ask() instanceof Permit permit) {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    probes.increment();
                    underWay.decrementAndGet();
                    patient.end(permit, Outcome.ignored(FailureCause.CANCELLED));
                }
            }
        });

        assertThat(most.get()).isBetween(1, PROBES);
        assertThat(patient.snapshot().notPermittedCalls()).isEqualTo((long) THREADS * CALLS - probes.sum());
        assertThat(patient.snapshot().probesUnderWay()).isZero();
        patient.times(PROBES, patient::begin);
        patient.refused();
    }

    @RepeatedTest(20)
    void tellsOfEachChangeOnce() {
        List<Permit> permits = Stream.generate(patient::begin).limit(THREADS).toList();
        Threads.run(THREADS, thread -> patient.end(permits.get(thread), Patient.failure()));
        assertThat(patient.changes()).hasSize(1);
        assertThat(patient.snapshot().lateResults()).isLessThanOrEqualTo(THREADS - Patient.THRESHOLD);
        patient.time.advance(RECOVERY);

        Threads.run(THREADS, thread -> {
            if (patient.ask() instanceof ProbePermit probe) {
                patient.end(probe, Patient.failure());
            }
        });

        assertThat(patient.changes())
                .extracting(StateChanged::to)
                .as("each once; two threads may publish in another order than they changed the state")
                .containsExactlyInAnyOrder(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.OPEN);
        assertThat(patient.snapshot().failedRecoveries()).isEqualTo(1);
    }

    @RepeatedTest(50)
    void waitsAsLongAsAnyFailureWasAskedToThoughAnotherOpensIt() {
        List<Permit> permits = Stream.generate(patient::begin).limit(THREADS).toList();

        Threads.run(
                THREADS,
                thread -> patient.end(
                        permits.get(thread),
                        thread == 0 ? Patient.failure(Duration.ofMinutes(10)) : Patient.failure()));

        assertThat(patient.remaining()).isEqualTo(Duration.ofMinutes(10));
    }

    @RepeatedTest(5)
    void losesNoResultOfAClosedBreaker() {
        Threads.run(THREADS, thread -> {
            for (int i = 0; i < CALLS; i++) {
                patient.succeed();
                patient.succeedSlowly();
            }
        });

        assertThat(patient.snapshot().calls()).isEqualTo(2L * THREADS * CALLS);
        assertThat(patient.snapshot().slowCalls()).isEqualTo((long) THREADS * CALLS);
    }

    @RepeatedTest(5)
    void keepsTheLatestOfManyDeadlines() {
        Threads.run(THREADS, thread -> {
            for (int i = 1; i <= 100; i++) {
                Duration wait = Duration.ofSeconds((i * 37L + thread) % 101 + 1);
                patient.breaker.holdOpen(wait, RejectionReason.RATE_LIMITED, "busy");
            }
        });

        assertThat(patient.remaining()).isEqualTo(Duration.ofSeconds(101));
        assertThat(patient.changes()).hasSize(1);
    }

    @RepeatedTest(5)
    void entersEachStateAsOftenAsItLeavesIt() {
        Threads.run(THREADS, thread -> {
            for (int i = 0; i < 200; i++) {
                switch ((thread + i) % 8) {
                    case 0 -> patient.breaker.observe("look", null);
                    case 1 -> patient.breaker.close("on", null);
                    case 2 -> patient.time.advance(RECOVERY);
                    case 3 -> patient.breaker.forceOpen("off", Duration.ofNanos(1));
                    default -> call(i);
                }
            }
        });
        patient.breaker.close("end", null);

        List<StateChanged> changes = patient.changes().stream()
                .filter(change -> !change.hypothetical())
                .toList();
        assertThat(changes).allMatch(change -> change.from() != change.to());
        for (BreakerState state : BreakerState.values()) {
            long entered =
                    changes.stream().filter(change -> change.to() == state).count();
            long left =
                    changes.stream().filter(change -> change.from() == state).count();
            assertThat(left).as("times it left %s", state).isEqualTo(entered);
        }
    }

    private void call(int turn) {
        if (patient.ask() instanceof Permit permit) {
            patient.end(permit, turn % 3 == 0 ? Outcome.SUCCESS : Patient.failure());
        }
    }
}
