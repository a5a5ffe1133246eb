package io.servicebreaker.benchmarks.peer;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.FixedLimit;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import io.servicebreaker.benchmarks.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Limiters instead of breakers: they measure each call's time too, and refuse by an empty optional. */
@State(Scope.Benchmark)
public class ConcurrencyLimiters {
    public final Limiter<@Nullable Void> fixed = limiter(FixedLimit.of(1000));
    public final Limiter<@Nullable Void> vegas =
            limiter(VegasLimit.newBuilder().initialLimit(1000).build());
    public final Limiter<@Nullable Void> exhausted = limiter(FixedLimit.of(1));
    public final Optional<Limiter.Listener> onlyPermit = exhausted.acquire(null);

    /** Vegas shrinks its limit under contention; the answer of a refused call is the same. */
    public static String call(Limiter<@Nullable Void> limiter) {
        Optional<Limiter.Listener> permit = limiter.acquire(null);
        if (permit.isEmpty()) {
            return Answer.ANSWER;
        }
        String answer = Answer.get();
        permit.get().onSuccess();
        return answer;
    }

    private static Limiter<@Nullable Void> limiter(Limit limit) {
        return SimpleLimiter.newBuilder().limit(limit).build();
    }
}
