package io.servicebreaker.benchmarks;

import com.alibaba.csp.sentinel.slots.block.BlockException;
import dev.failsafe.Failsafe;
import io.servicebreaker.benchmarks.floor.Floors;
import io.servicebreaker.benchmarks.own.CoarseServiceBreakers;
import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.ServiceBreakers;
import io.servicebreaker.benchmarks.peer.AnswerCommand;
import io.servicebreaker.benchmarks.peer.ConcurrencyLimiters;
import io.servicebreaker.benchmarks.peer.FailsafeBreakers;
import io.servicebreaker.benchmarks.peer.Resilience4jBreakers;
import io.servicebreaker.benchmarks.peer.SentinelResources;
import io.servicebreaker.benchmarks.peer.SmallRyeGuards;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One protected call while all is well. With {@code -t 8} the threads share one breaker. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClosedCallBenchmark {

    @Benchmark
    public String plain() {
        return Answer.get();
    }

    // ---- floors: what any breaker that measures time must do

    @Benchmark
    public String limitClock(Blackhole hole) {
        long start = System.nanoTime();
        String answer = Answer.get();
        hole.consume(System.nanoTime() - start);
        return answer;
    }

    @Benchmark
    public String limitClockCoarse(Floors floors, Blackhole hole) {
        long start = floors.clock.nanos();
        String answer = Answer.get();
        hole.consume(floors.clock.nanos() - start);
        return answer;
    }

    @Benchmark
    public String limitCounted(Floors floors, Blackhole hole) {
        hole.consume(floors.open);
        long start = System.nanoTime();
        String answer = Answer.get();
        hole.consume(System.nanoTime() - start);
        floors.counter.increment();
        return answer;
    }

    @Benchmark
    public String limitTimeWindow(Floors floors, Blackhole hole) {
        long start = System.nanoTime();
        String answer = Answer.get();
        long end = System.nanoTime();
        hole.consume(end - start);
        floors.window.record(end, true);
        return answer;
    }

    @Benchmark
    public String limitTimeWindowCoarse(Floors floors, Blackhole hole) {
        long start = floors.clock.nanos();
        String answer = Answer.get();
        long end = floors.clock.nanos();
        hole.consume(end - start);
        floors.window.record(end, true);
        return answer;
    }

    @Benchmark
    public String limitTimeWindowOneClock(Floors floors) {
        String answer = Answer.get();
        floors.window.record(System.nanoTime(), true);
        return answer;
    }

    // ---- ours: the breaker alone, and whole guarded calls

    @Benchmark
    public String servicebreaker(ServiceBreakers breakers) {
        return breakers.guarded.call();
    }

    @Benchmark
    public String servicebreakerCoarse(CoarseServiceBreakers breakers) {
        return breakers.guarded.call();
    }

    @Benchmark
    public String servicebreakerCall(ServiceBreakers breakers) throws Exception {
        return breakers.breakerOnly.call(Guarded.REQUEST, Answer::get);
    }

    @Benchmark
    public String servicebreakerCallCoordinated(ServiceBreakers breakers) throws Exception {
        return breakers.coordinated.call(Guarded.REQUEST, Answer::get);
    }

    @Benchmark
    public String servicebreakerCallOneBudget(ServiceBreakers breakers) throws Exception {
        return breakers.oneBudget.call(Guarded.REQUEST, Answer::get);
    }

    @Benchmark
    public String servicebreakerCallFourBudgets(ServiceBreakers breakers) throws Exception {
        return breakers.fourBudgets.call(Guarded.REQUEST, Answer::get);
    }

    @Benchmark
    public String servicebreakerCallBudgeted(ServiceBreakers breakers) throws Exception {
        return breakers.fourBudgetsAndRules.call(Guarded.REQUEST, Answer::get);
    }

    @Benchmark
    public String servicebreakerCallTold(ServiceBreakers breakers) {
        return Guarded.told(breakers.breakerOnly);
    }

    @Benchmark
    public String servicebreakerCallToldOneBudget(ServiceBreakers breakers) {
        return Guarded.told(breakers.oneBudget);
    }

    @Benchmark
    public String servicebreakerCallAllGates(ServiceBreakers breakers) throws Exception {
        return breakers.allGates.call(Guarded.REQUEST, Answer::get);
    }

    @Benchmark
    public String servicebreakerCallAllGatesCoarse(CoarseServiceBreakers breakers) throws Exception {
        return breakers.allGates.call(Guarded.REQUEST, Answer::get);
    }

    // ---- Resilience4j

    @Benchmark
    public String resilience4jCount(Resilience4jBreakers breakers) {
        return breakers.count.executeSupplier(Answer::get);
    }

    @Benchmark
    public String resilience4jCountCallable(Resilience4jBreakers breakers) throws Exception {
        return breakers.count.executeCallable(Answer::get);
    }

    @Benchmark
    public String resilience4jCountListener(Resilience4jBreakers breakers) {
        return breakers.countListener.executeSupplier(Answer::get);
    }

    @Benchmark
    public String resilience4jCountLockFree(Resilience4jBreakers breakers) {
        return breakers.countLockFree.executeSupplier(Answer::get);
    }

    @Benchmark
    public String resilience4jTime(Resilience4jBreakers breakers) {
        return breakers.time.executeSupplier(Answer::get);
    }

    @Benchmark
    public String resilience4jTimeListener(Resilience4jBreakers breakers) {
        return breakers.timeListener.executeSupplier(Answer::get);
    }

    @Benchmark
    public String resilience4jTimeLockFree(Resilience4jBreakers breakers) {
        return breakers.timeLockFree.executeSupplier(Answer::get);
    }

    // ---- Failsafe; alone, its breaker measures no time

    @Benchmark
    public String failsafeCount(FailsafeBreakers breakers) {
        return breakers.countExecutor.get(Answer::get);
    }

    @Benchmark
    public String failsafeCountExecutorPerCall(FailsafeBreakers breakers) {
        return Failsafe.with(breakers.count).get(Answer::get);
    }

    @Benchmark
    public String failsafeCountStandalone(FailsafeBreakers breakers) {
        breakers.count.acquirePermit();
        String answer = Answer.get();
        breakers.count.recordSuccess();
        return answer;
    }

    @Benchmark
    public String failsafeTime(FailsafeBreakers breakers) {
        return breakers.timeExecutor.get(Answer::get);
    }

    @Benchmark
    public String failsafeTimeStandalone(FailsafeBreakers breakers) {
        breakers.time.acquirePermit();
        String answer = Answer.get();
        breakers.time.recordSuccess();
        return answer;
    }

    // ---- the others

    @Benchmark
    public String smallrye(SmallRyeGuards guards) {
        return guards.count.get(Answer::get);
    }

    @Benchmark
    public String sentinel(SentinelResources resources) throws BlockException {
        return resources.call();
    }

    @Benchmark
    public String hystrixSemaphore() {
        return AnswerCommand.closed().execute();
    }

    @Benchmark
    public String concurrencyLimitsFixed(ConcurrencyLimiters limiters) {
        return ConcurrencyLimiters.call(limiters.fixed);
    }

    @Benchmark
    public String concurrencyLimitsVegas(ConcurrencyLimiters limiters) {
        return ConcurrencyLimiters.call(limiters.vegas);
    }
}
