package io.servicebreaker.spring;

import io.servicebreaker.adaptive.AdaptiveSettings;
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
}
