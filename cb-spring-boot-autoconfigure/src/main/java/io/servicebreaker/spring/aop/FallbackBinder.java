package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.NearestName;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Binds fallbacks at start-up, so that a wrong one is not found out by the first outage. */
final class FallbackBinder {

    private final ConfigurableListableBeanFactory beans;
    private final FallbackLookup lookup;

    FallbackBinder(ConfigurableListableBeanFactory beans, FallbackLookup lookup) {
        this.beans = beans;
        this.lookup = lookup;
    }

    /** The fallback of a method, or null if it has none or a wrong one; what is wrong is then among the problems. */
    @Nullable
    Fallback bind(Declaration declaration, Owner self, List<Problem> problems) {
        if (declaration.annotation().fallback().isEmpty()) {
            return null;
        }
        Owner owner = lookup.owner(declaration, self);
        if (owner == null) {
            problems.add(noSuchBean(declaration));
            return null;
        }
        List<Method> fitting = lookup.fitting(declaration, owner);
        if (fitting.isEmpty()) {
            problems.add(noSuchMethod(declaration, owner));
            return null;
        }
        List<Rung> rungs = new ArrayList<>();
        for (Method method : fitting) {
            Problem problem = objection(declaration, method, self, owner);
            if (problem == null) {
                rungs.add(rung(declaration, method, owner));
            } else {
                problems.add(problem);
            }
        }
        return new Fallback(FallbackLookup.beanName(declaration), beans, rungs);
    }

    /** Of the same method in a class and its interface, the interface's can be called on either kind of proxy. */
    private static Rung rung(Declaration declaration, Method method, Owner owner) {
        Method callable = owner.isInterfaceBased()
                ? MethodChecks.facadeMethod(method, owner)
                : ClassUtils.getInterfaceMethodIfPossible(method, owner.target());
        Method bound = callable == null ? method : callable;
        ReflectionUtils.makeAccessible(bound);
        return new Rung(bound, FallbackLookup.takes(declaration.method(), method));
    }

    private static @Nullable Problem objection(Declaration declaration, Method method, Owner self, Owner owner) {
        String name = "fallback " + Problem.describe(method);
        Problem uncallable = uncallable(declaration, method, owner, name);
        if (uncallable != null) {
            return uncallable;
        }
        Class<?> takes = FallbackLookup.takes(declaration.method(), method);
        if (takes != null && Error.class.isAssignableFrom(takes)) {
            return problem(
                    declaration,
                    name + " takes an Error, and errors go to the caller.",
                    "Take a subtype of Exception.");
        }
        String type = method.getGenericReturnType().getTypeName();
        return returnsTheSame(declaration.method(), self, method, owner)
                ? null
                : problem(
                        declaration,
                        name + " returns " + type + ", which the caller cannot take.",
                        expected(declaration));
    }

    private static @Nullable Problem uncallable(Declaration declaration, Method method, Owner owner, String name) {
        int modifiers = method.getModifiers();
        String through = ", so it cannot be called through the proxy.";
        if (Modifier.isPrivate(modifiers)) {
            return problem(declaration, name + " is private" + through, "Make it public.");
        }
        if (Modifier.isStatic(modifiers)) {
            return problem(declaration, name + " is static" + through, "Make it an instance method.");
        }
        if (Modifier.isFinal(modifiers) && !owner.isInterfaceBased()) {
            return problem(declaration, name + " is final" + through, "Remove final.");
        }
        return MethodChecks.isReachable(method, owner)
                ? null
                : problem(
                        declaration,
                        name + " is in none of the interfaces by which its bean is proxied.",
                        "Declare it in one of them, or set spring.aop.proxy-target-class=true.");
    }

    private static boolean returnsTheSame(Method guarded, Owner self, Method fallback, Owner owner) {
        ResolvableType wanted = ResolvableType.forMethodReturnType(guarded, self.userClass());
        ResolvableType given = ResolvableType.forMethodReturnType(fallback, owner.userClass());
        Class<?> wantedClass = wanted.resolve(Object.class);
        Class<?> givenClass = given.resolve(Object.class);
        if (wantedClass == void.class || givenClass == void.class) {
            return wantedClass == givenClass;
        }
        boolean erased = ClassUtils.isAssignable(wantedClass, givenClass);
        boolean comparable =
                !wanted.hasUnresolvableGenerics() && !given.hasUnresolvableGenerics() && !wantedClass.isPrimitive();
        return erased && (!comparable || givenClass.isPrimitive() || wanted.isAssignableFrom(given));
    }

    private Problem noSuchBean(Declaration declaration) {
        String name = FallbackLookup.beanName(declaration);
        String known = NearestName.of(String.valueOf(name), Arrays.asList(beans.getBeanDefinitionNames()))
                .map(nearest -> "Did you mean '" + nearest + "'?")
                .orElse("Write fallback = \"beanName::method\" with the name of an existing bean.");
        return problem(
                declaration,
                "fallback = \"" + declaration.annotation().fallback() + "\": there is no bean '" + name
                        + "' of a known type.",
                known);
    }

    private Problem noSuchMethod(Declaration declaration, Owner owner) {
        List<Method> named = lookup.named(declaration, owner);
        String what = named.isEmpty()
                ? owner.userClass().getName() + " has no method '" + FallbackLookup.methodName(declaration) + "'."
                : named.stream().map(Problem::signature).collect(Collectors.joining(", ")) + " does not take what "
                        + Problem.signature(declaration.method()) + " takes.";
        return problem(
                declaration,
                "fallback = \"" + declaration.annotation().fallback() + "\": " + what,
                expected(declaration));
    }

    private static String expected(Declaration declaration) {
        Method method = declaration.method();
        String parameters = Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getType().getSimpleName() + " " + parameter.getName())
                .collect(Collectors.joining(", "));
        String start = method.getReturnType().getSimpleName() + " " + FallbackLookup.methodName(declaration) + "("
                + parameters;
        return "Expected is " + start + ") or " + start + (parameters.isEmpty() ? "" : ", ") + "Exception failure).";
    }

    private static Problem problem(Declaration declaration, String what, String fix) {
        return Problem.at(declaration.method(), what, fix);
    }
}
