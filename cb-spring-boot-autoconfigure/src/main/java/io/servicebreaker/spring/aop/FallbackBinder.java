package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.NearestName;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Binds fallbacks at start-up, so that a wrong one is not found out by the first outage. */
final class FallbackBinder {

    private final ConfigurableListableBeanFactory beans;
    private final FallbackLookup lookup;

    FallbackBinder(ConfigurableListableBeanFactory beans, FallbackLookup lookup) {
        this.beans = beans;
        this.lookup = lookup;
    }

    /** The fallback of a method, or null if it has none. What is wrong with it is among the problems. */
    @Nullable
    Fallback bind(Declaration declaration, AnswerKind kind, Owner self, List<Problem> problems) {
        if (declaration.annotation().fallback().isEmpty()) {
            return null;
        }
        Owner owner = lookup.owner(declaration, self);
        if (owner == null) {
            problems.add(noSuchBean(declaration));
            return null;
        }
        TypedMethod guarded = new TypedMethod(declaration.method(), self.userClass());
        FallbackChecks checks = new FallbackChecks(declaration, kind, guarded, owner);
        List<Method> fitting = FallbackLookup.fitting(declaration, self, owner);
        if (fitting.isEmpty()) {
            problems.add(noSuchMethod(checks));
        }
        List<Rung> rungs = new ArrayList<>();
        for (Method method : fitting) {
            TypedMethod fallback = new TypedMethod(method, owner.userClass());
            Problem problem = checks.objection(fallback);
            if (problem == null) {
                rungs.add(new Rung(callable(method, owner), guarded.parameterCount(), fallback.takesAfter(guarded)));
            } else {
                problems.add(problem);
            }
        }
        return new Fallback(FallbackLookup.beanName(declaration), beans, rungs);
    }

    /** Of the same method in a class and its interface, the interface's can be called on either kind of proxy. */
    private static Method callable(Method method, Owner owner) {
        Method ofInterface = owner.isInterfaceBased()
                ? owner.interfaceMethod(method)
                : ClassUtils.getInterfaceMethodIfPossible(method, owner.target());
        return ofInterface == null ? method : ofInterface;
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

    private static Problem noSuchMethod(FallbackChecks checks) {
        Declaration declaration = checks.declaration();
        Class<?> type = checks.owner().userClass();
        String name = FallbackLookup.methodName(declaration);
        List<Method> named = FallbackLookup.named(declaration, checks.owner());
        String other = name.equals(declaration.method().getName()) ? "other " : "";
        String what = named.isEmpty()
                ? type.getName() + " has no " + other + "method '" + name + "'."
                : signatures(named, type) + " does not take what "
                        + checks.guarded().signature() + " takes.";
        return problem(
                declaration, "fallback = \"" + declaration.annotation().fallback() + "\": " + what, checks.expected());
    }

    private static String signatures(List<Method> methods, Class<?> type) {
        return methods.stream()
                .map(method -> new TypedMethod(method, type).signature())
                .collect(Collectors.joining(", "));
    }

    private static Problem problem(Declaration declaration, String what, String fix) {
        return Problem.at(declaration.method(), what, fix);
    }
}
