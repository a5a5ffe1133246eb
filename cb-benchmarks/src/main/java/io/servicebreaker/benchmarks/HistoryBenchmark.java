package io.servicebreaker.benchmarks;

import io.servicebreaker.adaptive.CallHistory;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.event.Events;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs a call that the history counts it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class HistoryBenchmark {

    private static final Outcome FAILURE = Outcome.failure(FailureCause.TIMEOUT);
    private static final CallRequest CALL = CallRequest.to("service");
    private static final CallRequest OF_MODEL = CALL.model("model");
    private static final long LATENCY = TimeUnit.MILLISECONDS.toNanos(1234);

    private final SteppingTime time = new SteppingTime();
    private final Events events = new Events();
    private final CallListener calls = new CallHistory(
                    new Breakers(Map.of("service", BreakerSettings.defaults()), time, events, 5).all(),
                    service -> List.of(),
                    time,
                    new InternalFaults(time))
            .listenerFor("service");

    @TearDown
    public void end() {
        events.close();
    }

    @Benchmark
    public void success() {
        calls.finished(CALL, Outcome.SUCCESS, LATENCY);
    }

    @Benchmark
    public void successOfModel() {
        calls.finished(OF_MODEL, Outcome.SUCCESS, LATENCY);
    }

    @Benchmark
    public void failure() {
        calls.finished(CALL, FAILURE, LATENCY);
    }
}
