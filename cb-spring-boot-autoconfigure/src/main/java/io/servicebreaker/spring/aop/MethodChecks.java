package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Finds methods that a proxy cannot guard: calls of them would go past the breaker in silence. */
final class MethodChecks {

    private MethodChecks() {}

    static void check(Declaration declaration, Owner owner, List<Problem> problems) {
        Method method = declaration.method();
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers)) {
            problems.add(Problem.at(
                    method, "A private method cannot be guarded.", "Make it public, and call it from another bean."));
        } else if (Modifier.isStatic(modifiers)) {
            problems.add(Problem.at(
                    method,
                    "A static method cannot be guarded.",
                    "Make it an instance method, and call it on the bean."));
        } else if (owner.isInterfaceBased()) {
            checkReachable(method, owner, problems);
        } else {
            checkOverridable(method, owner, problems);
        }
    }

    /** Whether callers of the proxy have a method that leads to this one. */
    static boolean isReachable(Method method, Owner owner) {
        return !owner.isInterfaceBased() || facadeMethod(method, owner) != null;
    }

    /** The method of the proxy's interfaces that leads to this one, or null. */
    static @Nullable Method facadeMethod(Method method, Owner owner) {
        for (Class<?> each : ClassUtils.getAllInterfacesForClassAsSet(owner.facade())) {
            for (Method declared : each.getMethods()) {
                if (BeanMethods.mostSpecific(declared, owner.target()).equals(method)) {
                    return declared;
                }
            }
        }
        return null;
    }

    private static void checkReachable(Method method, Owner owner, List<Problem> problems) {
        if (!isReachable(method, owner)) {
            problems.add(Problem.at(
                    method,
                    "The bean is proxied by its interfaces, and none of them declares this method.",
                    "Declare it in an interface of the bean, or set spring.aop.proxy-target-class=true."));
        }
    }

    private static void checkOverridable(Method method, Owner owner, List<Problem> problems) {
        String obstacle = Owner.obstacle(owner.userClass());
        if (obstacle != null) {
            problems.add(Problem.at(
                    method,
                    "Its class " + owner.userClass().getName() + " " + obstacle + ", so there can be no proxy of it.",
                    "Make it a class that can be extended, or annotate an interface or a bean that delegates to it."));
        } else if (Modifier.isFinal(method.getModifiers())) {
            problems.add(Problem.at(method, "A final method cannot be guarded.", "Remove final."));
        }
    }
}
