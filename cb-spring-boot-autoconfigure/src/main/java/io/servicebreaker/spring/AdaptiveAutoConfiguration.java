package io.servicebreaker.spring;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.AdaptiveSettings.Mode;
import io.servicebreaker.adaptive.CallHistory;
import io.servicebreaker.adaptive.HistoryConditions;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.HistoryWriter;
import io.servicebreaker.adaptive.Recommendation;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.adaptive.ThresholdAdjuster.Advice;
import io.servicebreaker.adaptive.ThresholdAdvisor;
import io.servicebreaker.adaptive.WarmStart;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.cost.CostGate;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/** Learns from what becomes of the calls. Each bean backs off when the application has its own. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnBean(StoreSettings.class)
public final class AdaptiveAutoConfiguration {

    /** Also if beans are made late: what is wrong with it should not come out with the first call. */
    @Bean
    @Lazy(false)
    @ConditionalOnMissingBean
    AdaptiveSettings serviceBreakerAdaptiveSettings(ServiceBreakerProperties properties) {
        return properties.adaptive().settings();
    }

    @Bean
    @ConditionalOnMissingBean
    HistoryStore serviceBreakerHistoryStore(AdaptiveSettings settings, TimeSource time) {
        return HistoryStore.inMemory(settings.learningWindow(), time);
    }

    /** Of no service, if nothing is to be kept. */
    @Bean
    @ConditionalOnMissingBean
    CallHistory serviceBreakerCallHistory(
            AdaptiveSettings settings,
            Breakers breakers,
            ServiceCosts costs,
            TimeSource time,
            Events events,
            InternalFaults faults) {
        CallHistory history = new CallHistory(
                settings.mode() == Mode.OFF ? List.of() : breakers.all(),
                service -> costs.of(service).map(CostGate::costs).orElse(List.of()),
                time,
                faults);
        events.subscribe(StateChanged.class, history::heed);
        return history;
    }

    @Bean
    @ConditionalOnMissingBean
    HistoryWriter serviceBreakerHistoryWriter(CallHistory history, HistoryStore store) {
        return new HistoryWriter(history, store);
    }

    /** With the writer, so that whoever makes calls has ended when it is closed. */
    @Bean
    CallListenerFactory serviceBreakerHistoryListeners(CallHistory history, HistoryWriter writer) {
        return history::listenerFor;
    }

    @Bean
    WatchTimer serviceBreakerHistoryTimer(
            AdaptiveSettings settings, ConfiguredServices services, HistoryWriter writer, InternalFaults faults) {
        boolean isNeeded = settings.mode() != Mode.OFF && !services.all().isEmpty();
        return new WatchTimer("history", writer::write, writer::untilNext, isNeeded, faults);
    }

    /** Of no service, if nothing is kept. It reads nothing before it is told to refresh. */
    @Bean
    @ConditionalOnMissingBean
    ThresholdAdvisor serviceBreakerThresholdAdvisor(
            AdaptiveSettings settings, ConfiguredServices services, HistoryStore store, TimeSource time) {
        Map<String, BreakerSettings> configured = new LinkedHashMap<>();
        services.all().stream()
                .filter(service -> settings.mode() != Mode.OFF && isAdjusted(service))
                .forEach(service -> configured.put(service.name(), service.settings()));
        return new ThresholdAdvisor(configured, settings, store, time);
    }

    @Bean
    @ConditionalOnMissingBean
    ThresholdAdjuster serviceBreakerThresholdAdjuster(
            AdaptiveSettings settings,
            ConfiguredServices services,
            Breakers breakers,
            ServiceCosts costs,
            ThresholdAdvisor advisor,
            HistoryStore history,
            TimeSource time,
            Events events,
            InternalFaults faults) {
        return new ThresholdAdjuster(
                settings,
                services.all().stream()
                        .filter(AdaptiveAutoConfiguration::isAdjusted)
                        .map(service -> breakers.breaker(service.name()))
                        .toList(),
                new ConfiguredAdvice(
                        advisor,
                        services,
                        new WarmStart(breakers.all(), history, settings.learningWindow(), time, faults)),
                new HistoryConditions(history, costs::budgetUsed, time),
                time,
                events,
                faults);
    }

    /** Where there are several deployments, each has a breaker that judges by what is configured, and the service's own few. */
    private static boolean isAdjusted(ConfiguredService service) {
        return service.adaptive() && service.backends().isEmpty();
    }

    @Bean
    CallListenerFactory serviceBreakerAdjustmentListeners(ThresholdAdjuster adjuster) {
        return adjuster::listenerFor;
    }

    @Bean
    AdjustmentJob serviceBreakerAdjustmentJob(ThresholdAdjuster adjuster) {
        return new AdjustmentJob(adjuster);
    }

    /** Better values than those that are configured: what is learned lies over these, and one is not learned from another. */
    private record ConfiguredAdvice(ThresholdAdvisor advisor, ConfiguredServices services, WarmStart warmStart)
            implements Advice {

        @Override
        public List<Recommendation> of(String service) {
            warmStart.tell();
            if (!advisor.services().contains(service)) {
                return List.of();
            }
            advisor.refresh(service);
            return advisor.advise(service, services.service(service).settings());
        }
    }
}
