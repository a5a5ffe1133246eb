package io.servicebreaker.spring;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.breaker.OperatorCommanded;
import io.servicebreaker.breaker.StateChanged;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.CoordinationSettings;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.InvalidDependencyException;
import io.servicebreaker.coordination.JvmLoad;
import io.servicebreaker.coordination.LoadWatch;
import io.servicebreaker.coordination.LocalLoad;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.cost.SpendWatch;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.ErrorReader;
import io.servicebreaker.spring.ServiceBreakerProperties.Clock;
import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import io.servicebreaker.time.CoarseTime;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.convert.converter.Converter;

/** Guards the services of the configuration. Each bean backs off when the application has its own. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "service-breaker.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ServiceBreakerProperties.class)
public final class ServiceBreakerAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ServiceBreakerAutoConfiguration.class);
    private static final Duration BETWEEN_ANALYSES = Duration.ofSeconds(1);

    /** Lets {@code cache:} without anything behind it configure a service that has no settings of its own. */
    @Bean
    @ConfigurationPropertiesBinding
    static Converter<String, Service> serviceWithoutSettings() {
        return new ServiceWithoutSettings();
    }

    @Bean
    @ConditionalOnMissingBean
    TimeSource serviceBreakerTime(ServiceBreakerProperties properties) {
        return properties.clock() == Clock.COARSE ? new CoarseTime() : TimeSource.precise();
    }

    @Bean
    @ConditionalOnMissingBean
    Events serviceBreakerEvents() {
        return new Events();
    }

    @Bean
    ApplicationEvents serviceBreakerApplicationEvents(Events events, ApplicationContext application) {
        return new ApplicationEvents(events, application);
    }

    @Bean
    @ConditionalOnMissingBean
    InternalFaults serviceBreakerInternalFaults(TimeSource time) {
        return new InternalFaults(time);
    }

    @Bean
    @ConditionalOnMissingBean
    ConfiguredServices configuredServices(ServiceBreakerProperties properties, ApplicationContext application) {
        ModelKeys.check(application.getEnvironment());
        ConfiguredServices services = ServiceResolver.resolve(properties, classLoaderOf(application));
        if (services.all().isEmpty()) {
            log.info("No service is configured: add one under service-breaker.services to guard its calls");
        }
        return services;
    }

    @Bean
    @ConditionalOnMissingBean
    Breakers breakers(
            ConfiguredServices services, ServiceBreakerProperties properties, TimeSource time, Events events) {
        return new Breakers(services.settings(), services.models(), time, events, maxConcurrentProbes(properties));
    }

    @Bean
    @ConditionalOnMissingBean
    ProviderKnowledge serviceBreakerProviderKnowledge(
            ConfiguredServices services, Breakers breakers, ServiceSignals signals, TimeSource time, Events events) {
        ProviderKnowledge knowledge = new ProviderKnowledge(services, breakers, signals, time);
        events.subscribe(OperatorCommanded.class, knowledge::heed);
        return knowledge;
    }

    @Bean
    @ConditionalOnMissingBean
    ServiceSignals serviceSignals(ConfiguredServices services, TimeSource time, Events events) {
        ServiceSignals signals = new ServiceSignals(services, time);
        events.subscribe(OperatorCommanded.class, signals::heed);
        return signals;
    }

    @Bean
    @ConditionalOnMissingBean
    ServiceCosts serviceCosts(
            ServiceBreakerProperties properties,
            ConfiguredServices services,
            TimeSource time,
            Events events,
            ObjectProvider<SpendRecorder> recorders,
            ObjectProvider<LedgerWriter> ledger) {
        CostSettings settings = CostResolver.resolve(properties.cost(), services);
        SpendRecorder recorder = recorders.getIfAvailable();
        CostNotices.log(settings, services, LocalDate.ofInstant(time.now(), settings.zone()), recorder == null);
        return new ServiceCosts(settings, services, time, events, recorder, ledger::getIfAvailable);
    }

    /** Also if beans are made late: what is wrong with it should not come out with the first call. */
    @Bean
    @Lazy(false)
    @ConditionalOnMissingBean
    StoreSettings serviceBreakerStore(ServiceBreakerProperties properties, ApplicationContext application) {
        return StoreResolver.resolve(properties.store(), application.getEnvironment(), classLoaderOf(application));
    }

    /** After the ledger, so that whoever makes calls finds what has been spent, and has ended when it is closed. */
    @Bean
    WatchTimer serviceBreakerSpendWatchTimer(ServiceCosts costs, InternalFaults faults) {
        SpendWatch watch = costs.watch();
        boolean isNeeded = !costs.budgets().services().isEmpty();
        return new WatchTimer("spending", watch::look, watch::untilNextLook, isNeeded, faults);
    }

    @Bean
    @ConditionalOnMissingBean
    LocalLoad serviceBreakerLocalLoad() {
        return new JvmLoad();
    }

    @Bean
    @ConditionalOnMissingBean
    LoadWatch serviceBreakerLoadWatch(
            LocalLoad load, ServiceBreakerProperties properties, ConfiguredServices services, TimeSource time) {
        return new LoadWatch(
                load,
                CoordinationResolver.resolve(properties.coordination(), properties.system()),
                CoordinationResolver.areRanked(services),
                time);
    }

    @Bean
    @ConditionalOnMissingBean
    SystemHealth serviceBreakerSystemHealth(
            ServiceBreakerProperties properties,
            ConfiguredServices services,
            Breakers breakers,
            ServiceSignals signals,
            FailureCorrelation correlation,
            LoadWatch load,
            TimeSource time,
            Events events) {
        CoordinationSettings settings = CoordinationResolver.resolve(properties.coordination(), properties.system());
        try {
            return new SystemHealth(
                    settings,
                    CoordinationResolver.services(services),
                    breakers,
                    time,
                    events,
                    new ServiceVitals(signals, correlation, load));
        } catch (InvalidDependencyException e) {
            throw CoordinationResolver.invalid(e, services);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    ServiceBackends serviceBreakerBackends(
            ConfiguredServices services,
            Breakers breakers,
            ServiceCosts costs,
            ProviderKnowledge knowledge,
            ServiceBreakerProperties properties,
            ApplicationContext application) {
        boolean balanced = properties.integration().isWithLoadBalancer(classLoaderOf(application));
        return new ServiceBackends(services, breakers, costs, knowledge, balanced);
    }

    @Bean
    WatchTimer serviceBreakerBackendTimer(
            ServiceBackends backends, ServiceBreakerProperties properties, InternalFaults faults) {
        Supplier<Duration> interval = properties.coordination()::syncInterval;
        return new WatchTimer("backends", backends::update, interval, !backends.isEmpty(), faults);
    }

    /** Looks a moment after a breaker has opened as well: only then does it mean anything to others. */
    @Bean
    WatchTimer serviceBreakerSystemTimer(
            SystemHealth system,
            LoadWatch load,
            ServiceBreakerProperties properties,
            ConfiguredServices services,
            Events events,
            InternalFaults faults) {
        CoordinationProperties settings = properties.coordination();
        boolean isNeeded = !services.all().isEmpty();
        WatchTimer timer = new WatchTimer(
                "coordination", () -> look(load, system, faults), settings::syncInterval, isNeeded, faults);
        events.subscribe(StateChanged.class, change -> {
            system.heed(change);
            timer.lookIn(settings.cascadeDelay());
        });
        return timer;
    }

    /** Where the load cannot be read, what was read of it soon means nothing, and all else goes on. */
    private static void look(LoadWatch load, SystemHealth system, InternalFaults faults) {
        try {
            load.look();
        } catch (RuntimeException | Error e) {
            faults.record("local load", e);
        }
        system.update();
    }

    @Bean
    @ConditionalOnMissingBean
    PromptCounter serviceBreakerPromptCounter(ServiceCosts costs, ConfiguredServices services, InternalFaults faults) {
        return new PromptCounter(costs, services, faults);
    }

    @Bean
    @ConditionalOnMissingBean
    FailureCorrelation serviceBreakerFailureCorrelation(
            ServiceBreakerProperties properties,
            ConfiguredServices services,
            Breakers breakers,
            TimeSource time,
            Events events) {
        return new FailureCorrelation(
                CorrelatedServices.of(services),
                properties.coordination().correlation().settings(),
                CorrelatedServices.down(breakers),
                time,
                events);
    }

    @Bean
    WatchTimer serviceBreakerCorrelationTimer(
            ServiceBreakerProperties properties,
            ConfiguredServices services,
            FailureCorrelation correlation,
            InternalFaults faults) {
        boolean isNeeded = properties.coordination().correlation().enabled()
                && !services.all().isEmpty();
        return new WatchTimer("correlation", correlation::analyse, () -> BETWEEN_ANALYSES, isNeeded, faults);
    }

    @Bean
    @ConditionalOnMissingBean
    CallOrchestrator callOrchestrator(
            ConfiguredServices services,
            Breakers breakers,
            ServiceSignals signals,
            TimeSource time,
            Events events,
            InternalFaults faults,
            ServiceBreakerProperties properties,
            ProviderKnowledge knowledge,
            ServiceCosts costs,
            SystemHealth system,
            ServiceBackends backends,
            FailureCorrelation correlation,
            ObjectProvider<ErrorReader> readers,
            ObjectProvider<CallListenerFactory> listeners,
            ObjectProvider<LedgerWriter> ledger) {
        ledger.getIfAvailable();
        Guards guards = new Guards(
                breakers, signals, time, readers.orderedStream().toList(), knowledge, costs, system, backends, faults);
        Map<String, Guard> byService = new LinkedHashMap<>();
        for (ConfiguredService service : services.all()) {
            List<CallListener> all = new ArrayList<>(knowledge.listeners(service.name()));
            if (properties.coordination().correlation().enabled()) {
                all.add(correlation.listenerFor(service.name()));
            }
            listeners.orderedStream().forEach(factory -> all.add(factory.listenerFor(service.name())));
            byService.put(service.name(), guards.guard(service, CallListeners.of(all, faults)));
        }
        return new CallOrchestrator(byService, time, events, faults, properties.writableStackTraces());
    }

    /** Also if beans are made late: what is wrong with its settings should not come out with the first failure. */
    @Bean
    @Lazy(false)
    @ConditionalOnMissingBean
    Decisions serviceBreakerDecisions(ServiceBreakerProperties properties, Events events) {
        properties.ladder().checked();
        return new Decisions(events);
    }

    @Bean
    @ConditionalOnMissingBean
    Exchanges serviceBreakerExchanges(
            CallOrchestrator orchestrator,
            Breakers breakers,
            ServiceBackends backends,
            ConfiguredServices services,
            StreamClock streamClock,
            PromptCounter prompts,
            Hops hops,
            InternalFaults faults) {
        return new Exchanges(orchestrator, breakers, backends, services, streamClock, prompts, hops, faults);
    }

    @Bean
    @ConditionalOnMissingBean
    Hops serviceBreakerHops(
            ServiceBreakerProperties properties,
            TimeSource time,
            InternalFaults faults,
            Decisions decisions,
            ServiceCosts costs) {
        return Hops.of(time, faults, decisions, costs, properties.ladder().maxDepth());
    }

    @Bean
    @ConditionalOnMissingBean(StreamClock.class)
    TimerThread serviceBreakerTimerThread(TimeSource time) {
        return new TimerThread(time);
    }

    @Bean
    @ConditionalOnMissingBean
    ReportedHeaders serviceBreakerReportedHeaders(ConfiguredServices services) {
        return ReportedHeaders.of(services);
    }

    private static ClassLoader classLoaderOf(ApplicationContext application) {
        ClassLoader classLoader = application.getClassLoader();
        return classLoader == null ? ServiceBreakerAutoConfiguration.class.getClassLoader() : classLoader;
    }

    private static int maxConcurrentProbes(ServiceBreakerProperties properties) {
        int probes = properties.system().maxConcurrentRecoveryAttempts();
        if (probes < 1) {
            throw new InvalidPropertyException(
                    "service-breaker.system.max-concurrent-recovery-attempts",
                    Integer.toString(probes),
                    "is out of range: allowed is at least 1",
                    "Set it to a value in this range.");
        }
        return probes;
    }
}
