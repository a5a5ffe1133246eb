package io.servicebreaker.spring.aop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;

/**
 * Watches what the container builds. Only that can become a proxy: what is registered ready-made, such as a test's mock,
 * never comes by.
 *
 * <p>It is in place before any other post processor, since what those need is built too early to become a proxy. From
 * the start of the application on it hands each bean to the checks: lazy ones, and those of unforeseen types.
 */
final class BuiltBeans implements BeanDefinitionRegistryPostProcessor, BeanPostProcessor {

    private final Declarations declarations;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private volatile @Nullable GuardedBeans check;

    BuiltBeans(Declarations declarations) {
        this.declarations = declarations;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        // Nothing to define. Processors of this kind are the first that a context asks for.
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        beans.addBeanPostProcessor(this);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (declarations.in(AopUtils.getTargetClass(bean))) {
            GuardedBeans current = check;
            if (current == null) {
                names.add(beanName);
            } else {
                current.checkLate(bean);
            }
        }
        return bean;
    }

    /** Whether the container built an annotated bean of that name, before the start. */
    boolean include(String name) {
        return names.contains(name);
    }

    void checkFromNowOn(GuardedBeans guardedBeans) {
        check = guardedBeans;
        names.clear();
    }
}
