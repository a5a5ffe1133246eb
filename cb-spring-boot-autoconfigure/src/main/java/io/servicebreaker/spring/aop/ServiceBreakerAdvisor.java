package io.servicebreaker.spring.aop;

import org.aopalliance.aop.Advice;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.core.Ordered;

/**
 * Puts the advice around annotated methods; needs no AspectJ.
 *
 * <p>Its order is {@value #ORDER}, close to the innermost: only advice of an even lower precedence runs inside. So, by
 * default, {@code @Transactional} runs inside (a refused call opens no transaction, and a fallback runs after the
 * rollback of what failed). {@code @Async} and {@code @Retryable} put themselves outermost: the guarded call is made on
 * the other thread, and each attempt asks the breaker.
 */
final class ServiceBreakerAdvisor extends AbstractPointcutAdvisor {

    /** Outside {@code @Transactional}, inside nearly all else. */
    static final int ORDER = Ordered.LOWEST_PRECEDENCE - 10;

    private static final long serialVersionUID = 1L;

    private final transient Pointcut pointcut;
    private final transient Advice advice;

    ServiceBreakerAdvisor(Pointcut pointcut, Advice advice) {
        this.pointcut = pointcut;
        this.advice = advice;
        setOrder(ORDER);
    }

    @Override
    public Pointcut getPointcut() {
        return pointcut;
    }

    @Override
    public Advice getAdvice() {
        return advice;
    }
}
