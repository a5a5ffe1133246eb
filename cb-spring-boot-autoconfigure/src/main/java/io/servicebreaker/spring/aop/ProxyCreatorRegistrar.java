package io.servicebreaker.spring.aop;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Sees to it that somebody makes proxies, with or without AspectJ. Shares the one creator of the application: Spring
 * keeps whichever can do most.
 */
final class ProxyCreatorRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware {

    private boolean byClass = true;

    @Override
    public void setEnvironment(Environment environment) {
        byClass = ProxyChoice.isByClass(environment);
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
        if (byClass) {
            AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
        }
    }
}
