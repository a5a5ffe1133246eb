package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the simulator together. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "simulator.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SimulatorProperties.class)
final class SimulatorConfiguration {

    @Bean
    Simulator simulator(SimulatorProperties properties, @Value("${replay:}") String replay) {
        Random random = properties.seed() == null ? new Random() : new Random(properties.seed());
        return simulator(properties, replay, InstantSource.system(), random, new RealPause());
    }

    /** The random numbers are drawn by many threads, so their generator must allow that. */
    static Simulator simulator(
            SimulatorProperties properties, String replay, InstantSource time, RandomGenerator random, Pause pause) {
        Replay recorded = replay.isBlank()
                ? null
                : new Replay(
                        ReplaySettings.parse(replay), RecordedHistory.load(), properties.latencyScale(), time, random);
        return new Simulator(properties, providers(properties, recorded, time, random), recorded, pause);
    }

    private static Map<String, SimulatedProvider> providers(
            SimulatorProperties properties, @Nullable Replay replay, InstantSource time, RandomGenerator random) {
        Ids ids = new Ids(random);
        OpenAiLimits limits = new OpenAiLimits(
                properties.openAi().requestsPerMinute(), properties.openAi().tokensPerMinute(), time);
        SimulatorProperties.MedianLatency medians = properties.medianLatency();
        Map<String, SimulatedProvider> providers = new LinkedHashMap<>();
        Registrar registrar = new Registrar(properties, replay, random, providers);
        registrar.add("openai", new OpenAiApi(limits, ids, time), medians.openAi());
        registrar.add("perplexity", new PerplexityApi(ids, time), medians.perplexity());
        registrar.add("lightrag", new LightRagApi(), medians.lightRag());
        return providers;
    }

    private record Registrar(
            SimulatorProperties properties,
            @Nullable Replay replay,
            RandomGenerator random,
            Map<String, SimulatedProvider> providers) {

        void add(String name, ProviderApi api, Duration median) {
            LatencyModel latency = properties.latency(median);
            Replay own = replay != null && replay.provider().equals(name) ? replay : null;
            providers.put(name, new SimulatedProvider(name, api, () -> latency.next(random), own, random));
        }
    }
}
