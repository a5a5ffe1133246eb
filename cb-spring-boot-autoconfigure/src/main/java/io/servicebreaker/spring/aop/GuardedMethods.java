package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;

/** The plans of all annotated methods, by class and method. Safe for use by many threads. */
final class GuardedMethods {

    private final Map<Class<?>, Map<Method, GuardedMethod>> byClass = new ConcurrentHashMap<>();
    private final Declarations declarations;
    private final GuardedMethodFactory factory;

    GuardedMethods(Declarations declarations, GuardedMethodFactory factory) {
        this.declarations = declarations;
        this.factory = factory;
    }

    /**
     * The plan for a call, or null if the method is not annotated, or guarded already.
     *
     * @throws InvalidServiceBreakerException if the class has problems that the checks at start-up have not reached yet
     */
    @Nullable
    GuardedMethod of(MethodInvocation invocation) {
        Object target = invocation.getThis();
        if (target instanceof Advised && Owner.of(target).guarded()) {
            return null; // a bean that another @Bean method hands on: it comes as a proxy, which guards the call
        }
        Method method = invocation.getMethod();
        if (target != null) {
            Map<Method, GuardedMethod> plans = byClass.get(target.getClass());
            GuardedMethod plan = plans == null ? null : plans.get(method);
            if (plan != null) {
                return plan;
            }
        }
        return lookUp(method, target == null ? method.getDeclaringClass() : target.getClass(), invocation);
    }

    /** Makes and keeps the plans of a class, unless it has problems. */
    void plan(Owner owner, List<Problem> problems) {
        if (!byClass.containsKey(owner.target())) {
            int before = problems.size();
            Map<Method, GuardedMethod> plans = make(owner, problems);
            if (problems.size() == before) {
                byClass.putIfAbsent(owner.target(), plans);
            }
        }
    }

    /** Makes the plans of a class, for its problems. */
    Map<Method, GuardedMethod> make(Owner owner, List<Problem> problems) {
        Map<Method, GuardedMethod> plans = new ConcurrentHashMap<>();
        for (Declaration declaration : declarations.all(owner.target()).values()) {
            GuardedMethod plan = factory.create(declaration, owner, problems);
            if (plan != null) {
                plans.put(declaration.method(), plan);
            }
        }
        return plans;
    }

    /** The first call by this method: it may be an interface's, or made before the checks at start-up. */
    private @Nullable GuardedMethod lookUp(Method method, Class<?> target, MethodInvocation invocation) {
        List<Problem> problems = new ArrayList<>();
        plan(Owner.of(target, facade(invocation, target), true), problems);
        Map<Method, GuardedMethod> plans = byClass.get(target);
        if (plans == null) {
            throw new InvalidServiceBreakerException(problems);
        }
        GuardedMethod plan = plans.get(BeanMethods.mostSpecific(method, target));
        if (plan != null) {
            plans.put(method, plan);
        }
        return plan;
    }

    private static Class<?> facade(MethodInvocation invocation, Class<?> target) {
        return invocation instanceof ProxyMethodInvocation proxied
                ? proxied.getProxy().getClass()
                : target;
    }
}
