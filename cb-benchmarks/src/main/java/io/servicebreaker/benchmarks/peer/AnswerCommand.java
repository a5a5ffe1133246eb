package io.servicebreaker.benchmarks.peer;

import com.netflix.hystrix.HystrixCommand;
import com.netflix.hystrix.HystrixCommandGroupKey;
import com.netflix.hystrix.HystrixCommandKey;
import com.netflix.hystrix.HystrixCommandProperties;
import com.netflix.hystrix.HystrixCommandProperties.ExecutionIsolationStrategy;
import io.servicebreaker.benchmarks.Answer;

/** Hystrix on the caller's thread: its own pool would cost a hand-over on top. A command serves one call. */
public final class AnswerCommand extends HystrixCommand<String> {
    private static final Setter CLOSED = setter("closed", false);
    private static final Setter OPEN = setter("open", true);

    private AnswerCommand(Setter setter) {
        super(setter);
    }

    public static AnswerCommand closed() {
        return new AnswerCommand(CLOSED);
    }

    public static AnswerCommand open() {
        return new AnswerCommand(OPEN);
    }

    @Override
    protected String run() {
        return Answer.get();
    }

    private static Setter setter(String key, boolean open) {
        return Setter.withGroupKey(HystrixCommandGroupKey.Factory.asKey("answers"))
                .andCommandKey(HystrixCommandKey.Factory.asKey(key))
                .andCommandPropertiesDefaults(HystrixCommandProperties.Setter()
                        .withExecutionIsolationStrategy(ExecutionIsolationStrategy.SEMAPHORE)
                        .withExecutionIsolationSemaphoreMaxConcurrentRequests(1000)
                        .withCircuitBreakerForceOpen(open));
    }
}
