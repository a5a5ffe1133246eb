package io.servicebreaker.spring.actuate;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.spring.StoreSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health contributor {@code serviceBreakers}. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({Breakers.class, ServiceSignals.class})
public final class ServiceBreakerHealthAutoConfiguration {

    @Bean
    @ConditionalOnEnabledHealthIndicator("service-breakers")
    @ConditionalOnMissingBean(name = {"serviceBreakersHealthIndicator", "serviceBreakersHealthContributor"})
    HealthIndicator serviceBreakersHealthIndicator(
            Breakers breakers, ServiceSignals signals, StoreSettings store, ObjectProvider<LedgerWriter> writers) {
        LedgerWriter writer = writers.getIfAvailable();
        return new BreakersHealthIndicator(
                breakers, signals, writer == null ? null : new LedgerView(store.type(), writer));
    }
}
