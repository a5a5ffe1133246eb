package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.adaptive.ThresholdAdjuster;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.coordination.DecisionWriter;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.coordination.FailureCorrelation;
import io.servicebreaker.coordination.SystemHealth;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.event.Events;
import io.servicebreaker.spring.AdaptiveAutoConfiguration;
import io.servicebreaker.spring.ProviderKnowledge;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.spring.SpendLedgerAutoConfiguration;
import io.servicebreaker.time.TimeSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The meters, for whatever registries the application has. */
@AutoConfiguration(
        after = {
            ServiceBreakerAutoConfiguration.class,
            SpendLedgerAutoConfiguration.class,
            AdaptiveAutoConfiguration.class
        })
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean({Breakers.class, ServiceSignals.class})
public final class ServiceBreakerMetricsAutoConfiguration {

    @Bean
    BreakerMeters serviceBreakerMeters(
            Breakers breakers,
            SystemHealth system,
            TimeSource time,
            Events events,
            InternalFaults faults,
            ProviderKnowledge knowledge) {
        return new BreakerMeters(breakers, system, time, events, faults, knowledge);
    }

    @Bean
    @ConditionalOnBean(Decisions.class)
    FallbackMeters serviceBreakerFallbackMeters(
            Decisions decisions, ObjectProvider<DecisionWriter> writer, InternalFaults faults) {
        return new FallbackMeters(decisions, writer.getIfAvailable(), faults);
    }

    @Bean
    @ConditionalOnBean(FailureCorrelation.class)
    CorrelationMeters serviceBreakerCorrelationMeters(FailureCorrelation correlation, Breakers breakers) {
        return new CorrelationMeters(correlation, breakers);
    }

    @Bean
    @ConditionalOnBean(ThresholdAdjuster.class)
    AdjustmentMeters serviceBreakerAdjustmentMeters(ThresholdAdjuster adjuster, Breakers breakers) {
        return new AdjustmentMeters(adjuster, breakers);
    }

    @Bean
    @ConditionalOnBean(ServiceCosts.class)
    CostMeters serviceBreakerCostMeters(ServiceCosts costs) {
        return new CostMeters(costs);
    }

    @Bean
    @ConditionalOnBean(LedgerWriter.class)
    LedgerMeters serviceBreakerLedgerMeters(LedgerWriter writer) {
        return new LedgerMeters(writer);
    }
}
