package io.servicebreaker.spring.redis;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.spring.ConfiguredService;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceSignals;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Lets the memory of the application's Redis shape the health of its caches. */
@AutoConfiguration(
        after = ServiceBreakerAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(RedisConnectionFactory.class)
@ConditionalOnBean({ConfiguredServices.class, ServiceSignals.class})
@ConditionalOnSingleCandidate(RedisConnectionFactory.class)
public final class RedisPressureAutoConfiguration {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @Bean
    RedisPressure serviceBreakerRedisPressure(
            RedisConnectionFactory redis, ConfiguredServices services, ServiceSignals signals, InternalFaults faults) {
        List<HealthSignals> told = services.all().stream()
                .filter(RedisPressureAutoConfiguration::isTold)
                .map(service -> signals.of(service.name()))
                .toList();
        return new RedisPressure(redis, told, faults);
    }

    /** One whose profile asks for it; other levels of the name {@code memory} are of something else. */
    private static boolean isTold(ConfiguredService service) {
        return service.provider().signals().stream()
                .anyMatch(signal -> signal.atMost() != null && signal.name().equals(RedisPressure.EVICTIONS));
    }

    @Bean
    PressureTimer serviceBreakerRedisPressureTimer(RedisPressure reader) {
        return new PressureTimer(reader, INTERVAL);
    }
}
