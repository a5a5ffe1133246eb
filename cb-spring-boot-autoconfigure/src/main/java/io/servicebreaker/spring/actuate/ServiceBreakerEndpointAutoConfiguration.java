package io.servicebreaker.spring.actuate;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.AdaptiveAutoConfiguration;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ProviderKnowledge;
import io.servicebreaker.spring.ServiceBackends;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceBreakerProperties;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/** The actuator endpoint. */
@AutoConfiguration(
        after = {ServiceBreakerAutoConfiguration.class, AdaptiveAutoConfiguration.class},
        afterName = {
            "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "io.github.resilience4j.springboot3.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration"
        })
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({Breakers.class, ConfiguredServices.class, ServiceSignals.class})
public final class ServiceBreakerEndpointAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ServiceBreakerEndpointAutoConfiguration.class);

    @Bean
    CommandTrail serviceBreakerCommandTrail(ApplicationEventPublisher publisher) {
        return new CommandTrail(publisher);
    }

    @Bean
    CommandRoles serviceBreakerCommandRoles(ServiceBreakerProperties properties, ListableBeanFactory beans) {
        return CommandRoles.of(properties.security(), beans);
    }

    /** Of an empty history where nothing is learned. */
    @Bean
    Insights serviceBreakerInsights(
            ObjectProvider<AdaptiveSettings> settings,
            ObjectProvider<HistoryStore> stores,
            ObjectProvider<ThresholdAdjuster> adjusters,
            ConfiguredServices services,
            ServiceCosts costs,
            TimeSource time,
            Events events,
            InternalFaults faults) {
        AdaptiveSettings known = settings.getIfAvailable(() -> AdaptiveSettings.DEFAULTS);
        HistoryStore store = stores.getIfAvailable(() -> HistoryStore.inMemory(known.learningWindow(), time));
        ThresholdAdjuster adjuster = adjusters.getIfAvailable(() -> ThresholdAdjuster.idle(time, events));
        return new Insights(known, store, adjuster, services, costs, time, faults);
    }

    @Bean
    @Conditional(OnEndpointId.Free.class)
    @ConditionalOnAvailableEndpoint
    CircuitBreakersEndpoint circuitBreakersEndpoint(
            Breakers breakers,
            ConfiguredServices services,
            ProviderKnowledge knowledge,
            ServiceCosts costs,
            FailureCorrelation correlation,
            ServiceSignals signals,
            SystemHealth system,
            ServiceBackends backends,
            Insights insights,
            ObjectProvider<ThresholdAdjuster> adjusters,
            TimeSource time,
            Events events,
            Decisions decisions,
            CommandTrail trail,
            CommandRoles roles) {
        ThresholdAdjuster adjuster = adjusters.getIfAvailable(() -> ThresholdAdjuster.idle(time, events));
        return new CircuitBreakersEndpoint(
                new BreakerViews(
                        breakers, services, signals, knowledge, costs, correlation, system, backends, adjuster, time),
                insights,
                listeningTo(events),
                decisions,
                new OperatorCommands(adjuster, roles, trail),
                new EmergencyCommands(costs, system, roles, trail),
                new ExternalEventCommands(correlation, services, time, roles, trail));
    }

    /** Not conditional on the id being taken: the other library may have left its endpoint out, as nobody exposed it. */
    @Bean
    @ConditionalOnMissingBean(CircuitBreakersEndpoint.class)
    @ConditionalOnAvailableEndpoint
    ServiceBreakersEndpoint serviceBreakersEndpoint(
            Breakers breakers,
            ConfiguredServices services,
            ProviderKnowledge knowledge,
            ServiceCosts costs,
            FailureCorrelation correlation,
            ServiceSignals signals,
            SystemHealth system,
            ServiceBackends backends,
            Insights insights,
            ObjectProvider<ThresholdAdjuster> adjusters,
            TimeSource time,
            Events events,
            Decisions decisions,
            CommandTrail trail,
            CommandRoles roles) {
        ThresholdAdjuster adjuster = adjusters.getIfAvailable(() -> ThresholdAdjuster.idle(time, events));
        return new ServiceBreakersEndpoint(
                new BreakerViews(
                        breakers, services, signals, knowledge, costs, correlation, system, backends, adjuster, time),
                insights,
                listeningTo(events),
                decisions,
                new OperatorCommands(adjuster, roles, trail),
                new EmergencyCommands(costs, system, roles, trail),
                new ExternalEventCommands(correlation, services, time, roles, trail));
    }

    /** Says where our endpoint is, above all to those who exposed only the usual id and look at another library's. */
    @Bean
    @Conditional(OnEndpointId.Taken.class)
    SmartInitializingSingleton serviceBreakerEndpointIdNotice(Environment environment) {
        return () -> log.info(
                "Another library has the endpoint '{}'. ServiceBreaker's is '{}' instead: {}/{}, once"
                        + " management.endpoints.web.exposure.include names it; it takes commands with"
                        + " management.endpoint.{}.access=unrestricted",
                CircuitBreakersEndpoint.ID,
                ServiceBreakersEndpoint.ID,
                environment.getProperty("management.endpoints.web.base-path", "/actuator"),
                ServiceBreakersEndpoint.ID,
                ServiceBreakersEndpoint.ID);
    }

    private static EventLog listeningTo(Events events) {
        EventLog eventLog = new EventLog();
        events.subscribe(eventLog);
        return eventLog;
    }
}
