package io.servicebreaker.spring.jdbc;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.coordination.DecisionWriter;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.cost.ledger.SpendLedger;
import io.servicebreaker.spring.AdaptiveAutoConfiguration;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceBreakerProperties;
import io.servicebreaker.spring.ServiceCosts;
import io.servicebreaker.spring.SpendLedgerAutoConfiguration;
import io.servicebreaker.spring.StoreSettings;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keeps what calls cost, what was decided about fallbacks and what became of calls in a database, if that is configured. Of Boot's modules for databases it needs none: they would make
 * the application a database, or migrate the one that it has.
 */
@AutoConfiguration(
        after = ServiceBreakerAutoConfiguration.class,
        before = {SpendLedgerAutoConfiguration.class, AdaptiveAutoConfiguration.class},
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass({JdbcTemplate.class, Flyway.class})
@ConditionalOnProperty(name = "service-breaker.store.type", havingValue = "jdbc")
@ConditionalOnBean(StoreSettings.class)
public final class JdbcStoreAutoConfiguration {

    /** After the application's own migrations: Flyway takes no schema for its own in which there are tables already. */
    @Bean
    @DependsOnDatabaseInitialization
    Database serviceBreakerDatabase(StoreSettings store, ObjectProvider<DataSource> dataSources) {
        return Databases.of(store, dataSources);
    }

    @Bean
    @ConditionalOnMissingBean(SpendLedger.class)
    JdbcSpendLedger serviceBreakerLedger(Database database, StoreSettings store, ServiceCosts costs, TimeSource time) {
        return new JdbcSpendLedger(
                database, store.application(), costs.currency().getCurrencyCode(), time);
    }

    @Bean(initMethod = "start")
    @ConditionalOnBean(Decisions.class)
    DecisionWriter serviceBreakerDecisionWriter(
            Database database,
            StoreSettings store,
            ServiceCosts costs,
            ServiceBreakerProperties properties,
            Decisions decisions,
            TimeSource time) {
        String currency = costs.currency().getCurrencyCode();
        DecisionWriter writer = new DecisionWriter(
                new JdbcDecisions(database, store.application(), currency),
                properties.ladder().decisionsKept(),
                time);
        decisions.listen(writer::add);
        return writer;
    }

    /** The settings come later than this configuration, and are not there if nothing is learned. */
    @Bean
    @ConditionalOnMissingBean(HistoryStore.class)
    JdbcHistoryStore serviceBreakerHistoryStore(
            Database database,
            StoreSettings store,
            ServiceCosts costs,
            ServiceBreakerProperties properties,
            ObjectProvider<AdaptiveSettings> settings,
            TimeSource time) {
        Duration kept = settings.stream()
                .map(AdaptiveSettings::learningWindow)
                .findFirst()
                .orElse(properties.adaptive().learningWindow());
        String currency = costs.currency().getCurrencyCode();
        return new JdbcHistoryStore(database, store.application(), currency, kept, time);
    }
}
