package io.servicebreaker.sample.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Settings of the simulator.
 *
 * @param address the host name or address to listen on
 * @param port 0 takes any free one
 * @param latencyScale multiplies every latency that is not set by a fault; 0 answers at once
 * @param latencySigma spread of the latencies: standard deviation of their logarithm
 * @param hangLimit longest silence of the faults {@code timeout}, {@code stream-stall} and {@code keep-alive}: above what
 *     clients wait, and not far above, since a thread is held until then and the JDK's server does not notice that the
 *     client has left
 * @param seed makes chance repeatable; without it every start differs
 */
@ConfigurationProperties("simulator")
record SimulatorProperties(
        @DefaultValue("localhost") String address,
        @DefaultValue("8081") int port,
        @DefaultValue("1") double latencyScale,
        @DefaultValue("0.4") double latencySigma,
        @DefaultValue MedianLatency medianLatency,
        @DefaultValue("30s") Duration hangLimit,
        @Name("openai") @DefaultValue OpenAi openAi,
        @Nullable Long seed) {

    SimulatorProperties {
        require(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
        require(latencyScale >= 0 && latencyScale <= 1000, "latency-scale", latencyScale, "0 to 1000");
        require(latencySigma >= 0 && latencySigma <= 3, "latency-sigma", latencySigma, "0 to 3");
        require(
                hangLimit.compareTo(Duration.ZERO) > 0 && hangLimit.compareTo(Duration.ofMinutes(10)) <= 0,
                "hang-limit",
                hangLimit,
                "above 0 and at most 10m");
    }

    /** Medians of the time until an answer is complete. */
    record MedianLatency(
            @Name("openai") @DefaultValue("300ms") Duration openAi,
            @DefaultValue("500ms") Duration perplexity,
            @Name("lightrag") @DefaultValue("200ms") Duration lightRag) {

        MedianLatency {
            require(!openAi.isNegative(), "median-latency.openai", openAi, "0 or more");
            require(!perplexity.isNegative(), "median-latency.perplexity", perplexity, "0 or more");
            require(!lightRag.isNegative(), "median-latency.lightrag", lightRag, "0 or more");
        }
    }

    /** Rate limits of the simulated OpenAI account. */
    record OpenAi(
            @DefaultValue("30000") long requestsPerMinute,
            @DefaultValue("150000000") long tokensPerMinute) {

        OpenAi {
            require(requestsPerMinute > 0, "openai.requests-per-minute", requestsPerMinute, "1 or more");
            require(tokensPerMinute > 0, "openai.tokens-per-minute", tokensPerMinute, "1 or more");
        }
    }

    /** Usual latencies of a provider with this median. */
    LatencyModel latency(Duration median) {
        return new LatencyModel(LatencyModel.seconds(median.toNanos() / 1e9 * latencyScale), latencySigma);
    }

    private static void require(boolean condition, String name, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("simulator." + name + " must not be " + value + "; allowed: " + allowed);
        }
    }
}
