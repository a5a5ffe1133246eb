package io.servicebreaker.spring.aop;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Hands on beans that are created after the start: lazy ones, and those whose type nobody could foresee. */
record LateBeans(Declarations declarations, GuardedBeans check) implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (declarations.in(AopUtils.getTargetClass(bean))) {
            check.checkLate(bean);
        }
        return bean;
    }
}
