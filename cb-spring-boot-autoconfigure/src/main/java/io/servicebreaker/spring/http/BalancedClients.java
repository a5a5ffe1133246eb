package io.servicebreaker.spring.http;

import java.util.function.Consumer;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.ApplicationContext;

/**
 * Guards the clients that are marked for a load balancer.
 *
 * @param <C> a client, or what builds it
 */
final class BalancedClients<C> implements BeanPostProcessor {

    private final Class<C> type;
    private final ApplicationContext application;
    private final Consumer<C> guard;

    BalancedClients(Class<C> type, ApplicationContext application, Consumer<C> guard) {
        this.type = type;
        this.application = application;
        this.guard = guard;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (type.isInstance(bean) && application.findAnnotationOnBean(beanName, LoadBalanced.class) != null) {
            guard.accept(type.cast(bean));
        }
        return bean;
    }
}
