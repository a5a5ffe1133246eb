package io.servicebreaker.spring.aop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;

/**
 * Knows which annotated beans the container has built. Only those can become proxies: what is registered ready-made,
 * such as a test's mock, passes by no bean post processor.
 *
 * <p>It watches before any other post processor is made, since what those need is built too early to become a proxy.
 */
final class BuiltBeans implements BeanDefinitionRegistryPostProcessor {

    private final Declarations declarations;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    BuiltBeans(Declarations declarations) {
        this.declarations = declarations;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        // Nothing to define. Processors of this kind are the first that a context asks for.
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        beans.addBeanPostProcessor(new Watch());
    }

    boolean include(String name) {
        return names.contains(name);
    }

    /** No bean itself: the container would count it twice, and take every bean for one that misses a processor. */
    private final class Watch implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (declarations.in(AopUtils.getTargetClass(bean))) {
                names.add(name);
            }
            return bean;
        }
    }
}
