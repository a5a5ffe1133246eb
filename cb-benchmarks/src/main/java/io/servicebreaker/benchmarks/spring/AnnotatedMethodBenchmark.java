package io.servicebreaker.benchmarks.spring;

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
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** One call of a bean's method, through whatever Spring has put around the bean. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnnotatedMethodBenchmark {
    private static final String QUESTION = "question";

    @Benchmark
    public String plainBean(PlainBean bean) {
        return bean.answers.answer(QUESTION);
    }

    @Benchmark
    public String noOpAdvice(NoOpAdvice bean) {
        return bean.answers.answer(QUESTION);
    }

    @Benchmark
    public String servicebreakerAnnotation(ServiceBreakerAnnotation bean) {
        return bean.answers.answer(QUESTION);
    }

    /** With a limit on calls at a time as well, which is off by default. */
    @Benchmark
    public String servicebreakerAnnotationAllGates(ServiceBreakerAnnotationAllGates bean) {
        return bean.answers.answer(QUESTION);
    }

    @Benchmark
    public String resilience4jAnnotation(Resilience4jAnnotation bean) {
        return bean.answers.answer(QUESTION);
    }

    @State(Scope.Benchmark)
    public static class PlainBean {
        final Answers answers = new Answers();
    }

    @State(Scope.Benchmark)
    public static class NoOpAdvice extends Bean {
        public NoOpAdvice() {
            super(new AnnotationConfigApplicationContext(NoOpAdviceConfiguration.class));
        }
    }

    @State(Scope.Benchmark)
    public static class ServiceBreakerAnnotation extends Bean {
        public ServiceBreakerAnnotation() {
            super(withoutResilience4j("service-breaker.services.answers.failure-threshold=5"));
        }
    }

    @State(Scope.Benchmark)
    public static class ServiceBreakerAnnotationAllGates extends Bean {
        public ServiceBreakerAnnotationAllGates() {
            super(withoutResilience4j("service-breaker.services.answers.max-concurrent-calls=1000000"));
        }
    }

    @State(Scope.Benchmark)
    public static class Resilience4jAnnotation extends Bean {
        public Resilience4jAnnotation() {
            super(Contexts.start(Resilience4jApplication.class, "service-breaker.enabled=false"));
        }
    }

    private static ConfigurableApplicationContext withoutResilience4j(String property) {
        return Contexts.start(
                ServiceBreakerApplication.class,
                property,
                "spring.autoconfigure.exclude=" + String.join(",", Contexts.autoConfigurationsOf("resilience4j")));
    }

    /** The bean and the context that it lives in. */
    public abstract static class Bean {
        final ConfigurableApplicationContext context;
        final Answers answers;

        Bean(ConfigurableApplicationContext context) {
            this.context = context;
            this.answers = context.getBean(Answers.class);
        }

        @TearDown
        public void close() {
            context.close();
        }
    }
}
