package io.servicebreaker.benchmarks;

import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.coordination.CorrelatedService;
import io.servicebreaker.coordination.CorrelationSettings;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.event.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to compare failures: for a call, and for each second. Services fail once in fifteen seconds at random, which is
 * the most work, since there are many episodes to compare; the last of an hour's seconds go round.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class CorrelationBenchmark {

    private static final Outcome FAILURE = Outcome.failure(FailureCause.TIMEOUT);
    private static final CallRequest CALL = CallRequest.to("service");
    private static final int HOUR = 3600;

    /** How many services there are. */
    @Param({"20", "200"})
    public int services;

    private final SteppingTime time = new SteppingTime();
    private final Events events = new Events();
    private final Random random = new Random(1);
    private final List<CallListener> listeners = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // by the set-up
    private FailureCorrelation correlation;

    /** An hour goes by. */
    @Setup
    public void learn() {
        List<CorrelatedService> all = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            all.add(new CorrelatedService("service" + i, "provider" + i % 5, ""));
        }
        correlation = new FailureCorrelation(all, CorrelationSettings.DEFAULT, name -> false, time, events);
        all.forEach(service -> listeners.add(correlation.listenerFor(service.name())));
        for (int second = 0; second < HOUR; second++) {
            second();
        }
    }

    @TearDown
    public void end() {
        events.close();
    }

    @Benchmark
    public void failure() {
        listeners.get(0).finished(CALL, FAILURE, 1);
    }

    @Benchmark
    public void success() {
        listeners.get(0).finished(CALL, Outcome.SUCCESS, 1);
    }

    /** With the failures of a second, one for fifteen services. */
    @Benchmark
    public void second() {
        for (CallListener listener : listeners) {
            if (random.nextInt(15) == 0) {
                listener.finished(CALL, FAILURE, 1);
            }
        }
        time.advance(Duration.ofSeconds(1));
        correlation.analyse();
    }
}
