package io.servicebreaker.spring.aop;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Hands on beans that are created after the start: lazy ones, and those whose type nobody could foresee. */
final class LateBeans implements BeanPostProcessor {

    private final Declarations declarations;
    private volatile @Nullable GuardedBeans check;

    LateBeans(Declarations declarations) {
        this.declarations = declarations;
    }

    void checkWith(GuardedBeans guardedBeans) {
        check = guardedBeans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        GuardedBeans current = check;
        if (current != null && declarations.in(AopUtils.getTargetClass(bean))) {
            current.checkLate(bean);
        }
        return bean;
    }
}
