package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.time.FakeTime;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class SpendRecorderTest {

    private static final Instant BOOKED = Instant.parse("2026-03-01T12:00:01Z");
    private static final CallRequest CALL =
            CallRequest.to("openai").model("gpt-4.1").operation("answer").category("research");

    private final FakeTime time = new FakeTime();
    private final SpendRecorder recorder = new SpendRecorder(time);

    @AfterEach
    void forgetTheCorrelation() {
        MDC.clear();
    }

    @Test
    void namesTheModelThatAnsweredAndItsTokens() {
        CallReport report = CallReport.EMPTY.model("gpt-4.1-2025-04-14").usage(new Usage(10, 2, 1));

        record(CALL, Outcome.failure(FailureCause.TIMEOUT).with(null, report), 3);

        assertThat(drained()).singleElement().satisfies(record -> {
            assertThat(record.model()).isEqualTo("gpt-4.1-2025-04-14");
            assertThat(record.usage()).isEqualTo(new Usage(10, 2, 1));
            assertThat(record.outcome()).isEqualTo(Outcome.Kind.FAILURE);
            assertThat(record.cause()).isEqualTo(FailureCause.TIMEOUT);
        });
    }

    @Test
    void usesNotesAgainWithoutMixingThemUp() {
        record(CALL, Outcome.SUCCESS.with(null, CallReport.EMPTY.usage(new Usage(10, 2, 1))), 3);
        drained();
        record(CallRequest.to("perplexity"), Outcome.SUCCESS, 4);

        assertThat(drained()).singleElement().satisfies(record -> {
            assertThat(record.service()).isEqualTo("perplexity");
            assertThat(record.model()).isEmpty();
            assertThat(record.usage()).isNull();
            assertThat(record.cost()).isEqualTo(new Money(4));
        });
    }

    @Test
    void takesNoMoreThanIsAsked() {
        IntStream.range(0, 10).forEach(i -> record(CALL, Outcome.SUCCESS, i));
        List<SpendRecord> some = new ArrayList<>();

        recorder.drain(some::add, 4);

        assertThat(some).hasSize(4);
        assertThat(recorder.size()).isEqualTo(6);
    }

    @Test
    void allocatesNothingForACallOnceItHasBeenInUse() {
        Outcome outcome = Outcome.SUCCESS.with(null, CallReport.EMPTY.usage(new Usage(10, 2, 1)));
        IntStream.range(0, 1_000).forEach(i -> record(CALL, outcome, i));
        drained();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 1_000; i++) {
            record(CALL, outcome, i);
        }

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes for a thousand calls")
                .isLessThan(8_000); // less than the smallest object for each
    }

    @Test
    void losesNoCallOfManyThreads() throws InterruptedException {
        int threads = 4;
        int calls = 20_000;
        AtomicInteger running = new AtomicInteger(threads);
        List<Thread> all = IntStream.range(0, threads)
                .mapToObj(number -> new Thread(() -> {
                    for (int i = 0; i < calls; i++) {
                        record(CALL, Outcome.SUCCESS, 1);
                    }
                    running.decrementAndGet();
                }))
                .toList();
        all.forEach(Thread::start);
        long[] sum = new long[2];
        while (running.get() > 0 || recorder.size() > 0) {
            recorder.drain(
                    record -> {
                        sum[0]++;
                        sum[1] += record.cost().billionths();
                    },
                    100);
        }
        for (Thread each : all) {
            each.join();
        }
        recorder.drain(
                record -> {
                    sum[0]++;
                    sum[1] += record.cost().billionths();
                },
                threads * calls);

        assertThat(sum[1]).isEqualTo((long) threads * calls);
        assertThat(sum[0]).isGreaterThanOrEqualTo((long) threads * calls - recorder.unrecorded());
    }

    @Test
    void findsACallByWhatItsTraceIsFoundBy() {
        assertThat(SpendRecorder.correlation()).isEmpty();
        MDC.put("correlationId", "request 7");
        assertThat(SpendRecorder.correlation()).isEqualTo("request 7");
        MDC.put("traceId", "4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(SpendRecorder.correlation()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    private void record(CallRequest request, Outcome outcome, long cost) {
        recorder.record(request, "", BOOKED, outcome, cost, cost, time.nanos());
    }

    private List<SpendRecord> drained() {
        List<SpendRecord> all = new ArrayList<>();
        recorder.drain(all::add, Integer.MAX_VALUE);
        return all;
    }
}
