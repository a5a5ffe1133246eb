package io.servicebreaker.benchmarks;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a failed call means, told from what its client library has already read. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class ClassificationBenchmark {
    private static final CallRequest CALL = CallRequest.to("openai");

    private final ProfileClassifier classifier = new ProfileClassifier(
            ProviderProfiles.bundled().of("openai"),
            BreakerSettings.defaults(),
            CooldownSettings.DEFAULTS,
            ExceptionRules.NONE,
            List.of(),
            TimeSource.precise());

    private final Throwable reset = new CompletionException(new IOException("Connection reset"));
    private final CallReport serverError =
            CallReport.ofStatus(500).code("server_error").message("The server had an error");
    private final CallReport throttled = CallReport.ofStatus(429)
            .code("rate_limit_exceeded")
            .header("retry-after", "20")
            .header("x-ratelimit-remaining-requests", "0")
            .header("x-ratelimit-reset-requests", "6m0s")
            .message("Rate limit reached for gpt-4o in organization org-x. Please try again in 20s.");
    private final CallReport throttledInWords = CallReport.ofStatus(429)
            .code("rate_limit_exceeded")
            .message("Rate limit reached for gpt-4o in organization org-x. Please try again in 20s.");

    @Benchmark
    public Outcome successWithoutReport() {
        return classifier.answered(CALL, null, 1);
    }

    @Benchmark
    public Outcome connectionReset() {
        return classifier.failed(CALL, reset, null);
    }

    @Benchmark
    public Outcome serverError() {
        return classifier.failed(CALL, reset, serverError);
    }

    @Benchmark
    public Outcome throttledWithHeaders() {
        return classifier.failed(CALL, reset, throttled);
    }

    @Benchmark
    public Outcome throttledInWords() {
        return classifier.failed(CALL, reset, throttledInWords);
    }
}
