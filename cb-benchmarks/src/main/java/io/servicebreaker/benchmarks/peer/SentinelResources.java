package io.servicebreaker.benchmarks.peer;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.Tracer;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import io.servicebreaker.benchmarks.Answer;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One resource with a degrade rule on the share of exceptions in 60 s, and one that is already degraded. */
@State(Scope.Benchmark)
public class SentinelResources {
    private static final int CALLS = 100;
    private static final String CLOSED = "closed";
    private static final String OPEN = "open";

    static {
        // Sentinel writes its metric log below the home directory unless told otherwise.
        System.setProperty("csp.sentinel.log.dir", System.getProperty("java.io.tmpdir"));
    }

    public SentinelResources() {
        DegradeRuleManager.loadRules(List.of(rule(CLOSED), rule(OPEN)));
        for (int i = 0; i < CALLS; i++) {
            fail();
        }
    }

    public String call() throws BlockException {
        return call(CLOSED);
    }

    public String callOpen() throws BlockException {
        return call(OPEN);
    }

    private static String call(String resource) throws BlockException {
        Entry entry = SphU.entry(resource);
        try {
            return Answer.get();
        } finally {
            entry.exit();
        }
    }

    private static void fail() {
        try {
            Entry entry = SphU.entry(OPEN);
            Tracer.traceEntry(new IllegalStateException("failed on purpose"), entry);
            entry.exit();
        } catch (BlockException open) {
            // reached what it was failing for
        }
    }

    private static DegradeRule rule(String resource) {
        return new DegradeRule(resource)
                .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
                .setCount(0.5)
                .setMinRequestAmount(CALLS)
                .setStatIntervalMs((int) Duration.ofSeconds(60).toMillis())
                .setTimeWindow((int) Duration.ofDays(1).toSeconds());
    }
}
