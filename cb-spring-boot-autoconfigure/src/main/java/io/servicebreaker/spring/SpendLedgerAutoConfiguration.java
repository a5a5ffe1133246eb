package io.servicebreaker.spring;

import io.servicebreaker.cost.SpendRecorder;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.cost.ledger.SpendLedger;
import io.servicebreaker.time.TimeSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Keeps what calls cost in the ledger that is configured, or that the application brings. */
@AutoConfiguration(after = ServiceBreakerAutoConfiguration.class)
@ConditionalOnBean({SpendLedger.class, StoreSettings.class})
public final class SpendLedgerAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SpendRecorder serviceBreakerSpendRecorder(TimeSource time) {
        return new SpendRecorder(time);
    }

    @Bean(initMethod = "start")
    @ConditionalOnMissingBean
    LedgerWriter serviceBreakerLedgerWriter(
            SpendLedger ledger, SpendRecorder recorder, ServiceCosts costs, StoreSettings store, TimeSource time) {
        String currency = costs.currency().getCurrencyCode(); // which files do not name
        return new LedgerWriter(
                ledger, recorder, costs.budgets(), store.spillDirectory().resolve(currency), time);
    }
}
