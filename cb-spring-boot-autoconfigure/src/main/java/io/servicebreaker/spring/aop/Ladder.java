package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.LadderProperties;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

    /** Problems if the fallbacks of a method lead back to it, or too far. */
    void check(Declaration declaration, Owner owner, int most, List<Problem> problems) {
        Stream.of(
                        Optional.ofNullable(cycle(declaration, owner)),
                        Optional.ofNullable(tooDeep(declaration, owner, most)))
                .flatMap(Optional::stream)
                .forEach(problems::add);
    }

    private @Nullable Problem cycle(Declaration declaration, Owner owner) {
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

    private @Nullable Problem tooDeep(Declaration declaration, Owner owner, int most) {
        int depth = depth(declaration, owner, Set.of(new Step(owner.userClass(), declaration.method())));
        return depth <= most
                ? null
                : Problem.at(
                        declaration.method(),
                        "Its fallbacks form a ladder of " + depth + ", which is deeper than "
                                + LadderProperties.MAX_DEPTH + " = " + most + ".",
                        "Make it shorter, or allow more.");
    }

    /** How many fallbacks can follow. What leads back to where it came from is another problem. */
    private int depth(Declaration declaration, Owner self, Set<Step> above) {
        int deepest = 0;
        for (Next next : next(declaration, self)) {
            if (!above.contains(next.step)) {
                Set<Step> all = new LinkedHashSet<>(above);
                all.add(next.step);
                int below = next.declaration == null ? 0 : depth(next.declaration, next.owner, all);
                deepest = Math.max(deepest, 1 + below);
            }
        }
        return deepest;
    }

    /** Collects what is reached; returns whether that includes the start. */
    private boolean follow(Declaration declaration, Owner self, Step start, Set<Step> steps) {
        boolean back = false;
        for (Next next : next(declaration, self)) {
            if (steps.add(next.step) && !next.step.equals(start)) {
                back |= next.declaration != null && follow(next.declaration, next.owner, start, steps);
            }
            back |= next.step.equals(start);
        }
        return back;
    }

    /** The methods that can be asked instead, none twice. */
    private Set<Next> next(Declaration declaration, Owner self) {
        Set<Next> all = new LinkedHashSet<>();
        for (FallbackName name : FallbackLookup.names(declaration)) {
            Owner owner = lookup.owner(name, self);
            if (owner != null) {
                for (Method method : FallbackLookup.fitting(declaration, name, self, owner)) {
                    Step step = new Step(owner.userClass(), method);
                    all.add(new Next(step, declarations.of(method, owner.target()), owner));
                }
            }
        }
        return all;
    }

    private static String names(Stream<Step> steps) {
        return steps.map(step -> step.type.getSimpleName() + "." + step.method.getName())
                .collect(Collectors.joining(" -> "));
    }

    private record Step(Class<?> type, Method method) {}

    /** A step, and what is declared for it, if anything. */
    private record Next(Step step, @Nullable Declaration declaration, Owner owner) {}
}
