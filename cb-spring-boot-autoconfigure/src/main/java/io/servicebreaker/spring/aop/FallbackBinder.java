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
        TypedMethod guarded = new TypedMethod(declaration.method(), self.userClass());
        List<Method> fitting = FallbackLookup.fitting(declaration, self, owner);
        if (fitting.isEmpty()) {
            problems.add(noSuchMethod(declaration, guarded, owner));
            return null;
        }
        List<Rung> rungs = new ArrayList<>();
        for (Method method : fitting) {
            TypedMethod fallback = new TypedMethod(method, owner.userClass());
            Problem problem = objection(declaration, guarded, fallback, owner);
            if (problem == null) {
                rungs.add(rung(guarded, fallback, owner));
            } else {
                problems.add(problem);
            }
        }
        return new Fallback(FallbackLookup.beanName(declaration), beans, rungs);
    }

    /** Of the same method in a class and its interface, the interface's can be called on either kind of proxy. */
    private static Rung rung(TypedMethod guarded, TypedMethod fallback, Owner owner) {
        Method callable = owner.isInterfaceBased()
                ? MethodChecks.facadeMethod(fallback.method(), owner)
                : ClassUtils.getInterfaceMethodIfPossible(fallback.method(), owner.target());
        Method bound = callable == null ? fallback.method() : callable;
        ReflectionUtils.makeAccessible(bound);
        return new Rung(bound, fallback.takesAfter(guarded));
    }

    private static @Nullable Problem objection(
            Declaration declaration, TypedMethod guarded, TypedMethod fallback, Owner owner) {
        String name = "fallback " + Problem.describe(fallback.method());
        Problem uncallable = uncallable(declaration, fallback.method(), owner, name);
        if (uncallable != null) {
            return uncallable;
        }
        Class<?> takes = fallback.takesAfter(guarded);
        if (takes != null && Error.class.isAssignableFrom(takes)) {
            return problem(
                    declaration,
                    name + " takes an Error, and errors go to the caller.",
                    "Take a subtype of Exception.");
        }
        String type = fallback.method().getGenericReturnType().getTypeName();
        return fallback.returnsWhat(guarded)
                ? null
                : problem(
                        declaration,
                        name + " returns " + type + ", which the caller cannot take.",
                        expected(declaration, guarded));
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

    private static Problem noSuchMethod(Declaration declaration, TypedMethod guarded, Owner owner) {
        List<Method> named = FallbackLookup.named(declaration, owner);
        String what = named.isEmpty()
                ? owner.userClass().getName() + " has no " + other(declaration) + "method '"
                        + FallbackLookup.methodName(declaration) + "'."
                : named.stream()
                                .map(method -> new TypedMethod(method, owner.userClass()).signature())
                                .collect(Collectors.joining(", "))
                        + " does not take what " + guarded.signature() + " takes.";
        return problem(
                declaration,
                "fallback = \"" + declaration.annotation().fallback() + "\": " + what,
                expected(declaration, guarded));
    }

    private static String other(Declaration declaration) {
        return FallbackLookup.methodName(declaration)
                        .equals(declaration.method().getName())
                ? "other "
                : "";
    }

    private static String expected(Declaration declaration, TypedMethod guarded) {
        String start = guarded.declaration(FallbackLookup.methodName(declaration));
        String more = start.endsWith("()") ? "Exception failure)" : ", Exception failure)";
        return "Expected is " + start + " or " + start.substring(0, start.length() - 1) + more + ".";
    }

    private static Problem problem(Declaration declaration, String what, String fix) {
        return Problem.at(declaration.method(), what, fix);
    }
}
