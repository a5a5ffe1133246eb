package io.servicebreaker.spring;

import io.servicebreaker.spring.ServiceBreakerProperties.Service;
import org.springframework.core.convert.converter.Converter;

/** An empty text where the settings of a service are expected. */
final class ServiceWithoutSettings implements Converter<String, Service> {

    @Override
    public Service convert(String text) {
        if (!text.isBlank()) {
            throw new IllegalArgumentException("a service has keys, such as 'failure-threshold', or nothing at all");
        }
        return Service.UNSET;
    }
}
