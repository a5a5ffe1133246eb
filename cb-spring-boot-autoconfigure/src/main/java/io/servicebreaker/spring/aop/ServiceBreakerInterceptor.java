package io.servicebreaker.spring.aop;

import io.servicebreaker.call.InternalFaults;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Hands each call to the plan of its method.
 *
 * <p>Advice is made before the beans it works with: they are fetched by the first call, so that they and what they need
 * can be proxied like any other bean.
 */
final class ServiceBreakerInterceptor implements MethodInterceptor {

    private static final Logger log = LoggerFactory.getLogger(ServiceBreakerInterceptor.class);

    private final ObjectProvider<GuardedMethods> provider;
    private final ObjectProvider<InternalFaults> faults;
    private volatile @Nullable GuardedMethods methods;

    ServiceBreakerInterceptor(ObjectProvider<GuardedMethods> provider, ObjectProvider<InternalFaults> faults) {
        this.provider = provider;
        this.faults = faults;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        GuardedMethod plan = plan(invocation);
        return plan == null ? invocation.proceed() : plan.invoke(invocation);
    }

    private @Nullable GuardedMethod plan(MethodInvocation invocation) {
        try {
            GuardedMethods known = methods;
            if (known == null) {
                known = provider.getObject();
                methods = known;
            }
            return known.of(invocation);
        } catch (InvalidServiceBreakerException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            record(e);
            return null;
        }
    }

    private void record(Throwable fault) {
        try {
            faults.getObject().record("annotation", fault);
        } catch (RuntimeException e) {
            log.error("Calls proceed unguarded", fault);
        }
    }
}
