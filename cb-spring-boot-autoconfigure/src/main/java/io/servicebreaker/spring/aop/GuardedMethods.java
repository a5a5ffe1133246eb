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

    /** By the method that a proxy hands in: it is always the same object, so the map need not compare methods. */
    private final Map<Method, Hit> hits = new ConcurrentHashMap<>();

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
        Method method = invocation.getMethod();
        Class<?> type = target == null ? method.getDeclaringClass() : target.getClass();
        Hit hit = hits.get(method);
        return hit != null && hit.type == type ? hit.plan : lookUp(method, type, invocation);
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
        HintReader.checkUnguarded(owner, declarations.all(owner.target()), problems);
        for (Declaration declaration : declarations.all(owner.target()).values()) {
            GuardedMethod plan = factory.create(declaration, owner, problems);
            if (plan != null) {
                plans.put(declaration.method(), plan);
            }
        }
        return plans;
    }

    /** The first call by this method: it may be an interface's, or made before the checks at start-up. */
    private @Nullable GuardedMethod lookUp(Method method, Class<?> type, MethodInvocation invocation) {
        Object target = invocation.getThis();
        if (target instanceof Advised && Owner.of(target).guarded()) {
            return null; // a bean that another @Bean method hands on: it comes as a proxy, which guards the call
        }
        Map<Method, GuardedMethod> plans = plans(type, invocation);
        GuardedMethod plan = plans.get(method);
        if (plan == null) {
            plan = plans.get(BeanMethods.mostSpecific(method, type));
            if (plan != null) {
                plans.put(method, plan);
            }
        }
        if (plan != null && !(target instanceof Advised)) { // other proxies of this class may have our advice
            hits.putIfAbsent(method, new Hit(type, plan));
        }
        return plan;
    }

    private Map<Method, GuardedMethod> plans(Class<?> type, MethodInvocation invocation) {
        Map<Method, GuardedMethod> plans = byClass.get(type);
        if (plans == null) {
            List<Problem> problems = new ArrayList<>();
            plan(Owner.of(type, facade(invocation, type), true), problems);
            plans = byClass.get(type);
            if (plans == null) {
                throw new InvalidServiceBreakerException(problems);
            }
        }
        return plans;
    }

    private static Class<?> facade(MethodInvocation invocation, Class<?> target) {
        return invocation instanceof ProxyMethodInvocation proxied
                ? proxied.getProxy().getClass()
                : target;
    }

    /** A plan, and for objects of which class it is the one. Most methods are called on one class. */
    private record Hit(Class<?> type, GuardedMethod plan) {}
}
