package io.servicebreaker.benchmarks;

import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.netflix.hystrix.exception.HystrixRuntimeException;
import dev.failsafe.CircuitBreakerOpenException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.OpenServiceBreakers;
import io.servicebreaker.benchmarks.peer.AnswerCommand;
import io.servicebreaker.benchmarks.peer.ConcurrencyLimiters;
import io.servicebreaker.benchmarks.peer.FailsafeBreakers;
import io.servicebreaker.benchmarks.peer.Resilience4jBreakers;
import io.servicebreaker.benchmarks.peer.SentinelResources;
import io.servicebreaker.benchmarks.peer.SmallRyeGuards;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One refused call while OPEN, its exception made, thrown, caught and returned.
 *
 * <p>A stack trace costs more the deeper the caller's stack: a server's is ten times deeper than this one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RejectionBenchmark {
    private static final String LET_THROUGH = "an open breaker let a call through";

    @Benchmark
    public Exception servicebreaker(OpenServiceBreakers breakers, Blackhole hole) throws Exception {
        return refusal(breakers.open, hole);
    }

    /** Refusals come faster here than their events are delivered: most are dropped, which costs about the same. */
    @Benchmark
    public Exception servicebreakerListener(OpenServiceBreakers breakers, Blackhole hole) throws Exception {
        return refusal(breakers.openListener, hole);
    }

    private static Exception refusal(CallOrchestrator orchestrator, Blackhole hole) throws Exception {
        try {
            throw new AssertionError(LET_THROUGH + orchestrator.call(Guarded.REQUEST, Answer::get));
        } catch (CallRejectedException refused) {
            hole.consume(refused.retryAfter());
            return refused;
        }
    }

    @Benchmark
    public Exception resilience4j(Resilience4jBreakers breakers) {
        try {
            throw new AssertionError(LET_THROUGH + breakers.open.executeSupplier(Answer::get));
        } catch (CallNotPermittedException refused) {
            return refused;
        }
    }

    @Benchmark
    public Exception resilience4jNoStackTrace(Resilience4jBreakers breakers) {
        try {
            throw new AssertionError(LET_THROUGH + breakers.openNoStackTrace.executeSupplier(Answer::get));
        } catch (CallNotPermittedException refused) {
            return refused;
        }
    }

    @Benchmark
    public Exception failsafe(FailsafeBreakers breakers) {
        try {
            throw new AssertionError(LET_THROUGH + breakers.openExecutor.get(Answer::get));
        } catch (CircuitBreakerOpenException refused) {
            return refused;
        }
    }

    @Benchmark
    public Exception smallrye(SmallRyeGuards guards) {
        try {
            throw new AssertionError(LET_THROUGH + guards.open.get(Answer::get));
        } catch (org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException refused) {
            return refused;
        }
    }

    @Benchmark
    public Exception sentinel(SentinelResources resources) {
        try {
            throw new AssertionError(LET_THROUGH + resources.callOpen());
        } catch (BlockException refused) {
            return refused;
        }
    }

    @Benchmark
    public Exception hystrixSemaphore() {
        try {
            throw new AssertionError(LET_THROUGH + AnswerCommand.open().execute());
        } catch (HystrixRuntimeException refused) {
            return refused;
        }
    }

    /** No exception: a limiter answers with an empty optional. */
    @Benchmark
    public boolean concurrencyLimitsFixed(ConcurrencyLimiters limiters) {
        return limiters.exhausted.acquire(null).isPresent();
    }
}
