package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows fallbacks from method to method. */
final class Ladder {

    private final Declarations declarations;
    private final FallbackLookup lookup;

    Ladder(Declarations declarations, FallbackLookup lookup) {
        this.declarations = declarations;
        this.lookup = lookup;
    }

    /** The methods that may answer, one after the other, for people. */
    String describe(Declaration declaration, Owner owner) {
        Set<Step> steps = new LinkedHashSet<>();
        Step start = new Step(owner.userClass(), declaration.method());
        follow(declaration, owner, start, steps);
        return steps.isEmpty() ? "none" : names(steps.stream());
    }

    /** A problem if the fallbacks of a method lead back to it. */
    @Nullable
    Problem cycle(Declaration declaration, Owner owner) {
        Set<Step> steps = new LinkedHashSet<>();
        Step start = new Step(owner.userClass(), declaration.method());
        if (!follow(declaration, owner, start, steps)) {
            return null;
        }
        return Problem.at(
                declaration.method(),
                "Its fallbacks lead back to itself: " + names(Stream.concat(Stream.of(start), steps.stream())) + ".",
                "Let the last of them answer without a fallback.");
    }

    /** Collects what is reached; returns whether that includes the start. */
    private boolean follow(Declaration declaration, Owner self, Step start, Set<Step> steps) {
        Owner owner = declaration.annotation().fallback().isEmpty() ? null : lookup.owner(declaration, self);
        if (owner == null) {
            return false;
        }
        boolean back = false;
        for (Method method : FallbackLookup.fitting(declaration, self, owner)) {
            Step step = new Step(owner.userClass(), method);
            if (steps.add(step) && !step.equals(start)) {
                Declaration next = declarations.of(method, owner.target());
                back |= next != null && follow(next, owner, start, steps);
            }
            back |= step.equals(start);
        }
        return back;
    }

    private static String names(Stream<Step> steps) {
        return steps.map(step -> step.type.getSimpleName() + "." + step.method.getName())
                .collect(Collectors.joining(" -> "));
    }

    private record Step(Class<?> type, Method method) {}
}
