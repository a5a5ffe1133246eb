package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.support.Sneaky;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InternalFaultsTest {

    private static final Throwable FAULT = new IllegalStateException("fault");

    private final FakeTime time = new FakeTime();
    private final InternalFaults faults = new InternalFaults(time);
    private final CapturedLog log = CapturedLog.of(InternalFaults.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void startsWithoutFaults() {
        assertThat(faults.count()).isZero();
    }

    @Test
    void countsEveryFaultAndLogsTheFirstOfAMinute() {
        faults.record("gate", FAULT);
        time.advance(Duration.ofMinutes(1).minusNanos(1));
        faults.record("permit", FAULT);

        assertThat(faults.count()).isEqualTo(2);
        assertThat(log.lines()).containsExactly("Fault in gate: calls proceed as if unguarded (1 faults so far)");
    }

    @Test
    void logsAgainAfterAMinute() {
        faults.record("gate", FAULT);
        time.advance(Duration.ofMinutes(1));
        faults.record("permit", FAULT);

        assertThat(log.lines()).last().isEqualTo("Fault in permit: calls proceed as if unguarded (2 faults so far)");
    }

    @Test
    void countsFaultsOfManyThreadsAndLogsOnce() {
        IntStream.range(0, 1000).parallel().forEach(i -> faults.record("gate", FAULT));

        assertThat(faults.count()).isEqualTo(1000);
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void doesNotFloodTheLogWhenTheClockIsTheFault() {
        InternalFaults clockless = new InternalFaults(brokenClock());

        for (int i = 0; i < 1000; i++) {
            clockless.record("clock", FAULT);
        }

        assertThat(clockless.count()).isEqualTo(1000);
        assertThat(log.lines()).hasSizeBetween(1, 10);
    }

    private static TimeSource brokenClock() {
        return new TimeSource() {
            @Override
            public long nanos() {
                throw Sneaky.raise(new IOException("clock"));
            }

            @Override
            public Instant now() {
                return Instant.EPOCH;
            }
        };
    }

    @Test
    void neverThrowsThoughTheLogDoes() {
        Throwable unprintable = new IllegalStateException("fault") {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("no message");
            }
        };

        faults.record("gate", unprintable);

        assertThat(faults.count()).isPositive();
    }
}
