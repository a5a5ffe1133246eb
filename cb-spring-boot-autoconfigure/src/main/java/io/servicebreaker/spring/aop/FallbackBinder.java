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
    private final Services services;

    FallbackBinder(ConfigurableListableBeanFactory beans, FallbackLookup lookup, Services services) {
        this.beans = beans;
        this.lookup = lookup;
        this.services = services;
    }

    /** The fallback of a method, or null if it has none. What is wrong with it is among the problems. */
    @Nullable
    Fallback bind(Declaration declaration, AnswerKind kind, Owner self, List<Problem> problems) {
        List<FallbackName> names = FallbackLookup.names(declaration);
        if (names.isEmpty()) {
            return null;
        }
        List<Rung> rungs = new ArrayList<>();
        names.forEach(name -> rungs.addAll(rungs(declaration, name, kind, self, problems)));
        problems.addAll(RungChecks.of(declaration, rungs));
        return new Fallback(
                beans, rungs, services.asksFallbacks(declaration.annotation().value()));
    }

    private List<Rung> rungs(
            Declaration declaration, FallbackName name, AnswerKind kind, Owner self, List<Problem> problems) {
        Owner owner = lookup.owner(name, self);
        if (owner == null) {
            problems.add(noSuchBean(declaration, name));
            return List.of();
        }
        TypedMethod guarded = new TypedMethod(declaration.method(), self.userClass());
        FallbackChecks checks = new FallbackChecks(declaration, name, kind, guarded, owner);
        List<Method> fitting = FallbackLookup.fitting(declaration, name, self, owner);
        if (fitting.isEmpty()) {
            problems.add(noSuchMethod(checks));
        }
        List<Rung> rungs = new ArrayList<>();
        for (Method method : fitting) {
            TypedMethod fallback = new TypedMethod(method, owner.userClass());
            Problem problem = checks.objection(fallback);
            if (problem == null) {
                rungs.add(rung(name, fallback, guarded, owner));
            } else {
                problems.add(problem);
            }
        }
        return rungs;
    }

    private static Rung rung(FallbackName name, TypedMethod fallback, TypedMethod guarded, Owner owner) {
        Method method = fallback.method();
        return new Rung(
                name.bean(),
                owner.userClass().getSimpleName() + "." + method.getName(),
                callable(method, owner),
                guarded.parameterCount(),
                fallback.takesAfter(guarded),
                Causes.of(method));
    }

    /** Of the same method in a class and its interface, the interface's can be called on either kind of proxy. */
    private static Method callable(Method method, Owner owner) {
        Method ofInterface = owner.isInterfaceBased()
                ? owner.interfaceMethod(method)
                : ClassUtils.getInterfaceMethodIfPossible(method, owner.target());
        return ofInterface == null ? method : ofInterface;
    }

    private Problem noSuchBean(Declaration declaration, FallbackName fallback) {
        String name = fallback.bean();
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
        String name = checks.name().method();
        List<Method> named = FallbackLookup.named(declaration, checks.name(), checks.owner());
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
