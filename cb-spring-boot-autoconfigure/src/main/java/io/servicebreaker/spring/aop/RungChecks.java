package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.FailureCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds fallbacks of a method that are never asked, and ones between which nobody could choose. */
final class RungChecks {

    private static final String FALLBACK_FOR = "@FallbackFor on ";

    private RungChecks() {}

    static List<Problem> of(Declaration declaration, List<Rung> rungs) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < rungs.size(); i++) {
            Problem unreachable = unreachable(declaration, rungs.get(i));
            if (unreachable != null) {
                problems.add(unreachable);
            }
            for (Rung later : rungs.subList(i + 1, rungs.size())) {
                Problem ambiguous = ambiguous(declaration, rungs.get(i), later);
                if (ambiguous != null) {
                    problems.add(ambiguous);
                }
            }
        }
        return problems;
    }

    private static @Nullable Problem unreachable(Declaration declaration, Rung rung) {
        Causes causes = rung.causes();
        Class<?> takes = rung.takes();
        if (causes.named() == null) {
            return null;
        }
        if (causes.named().isEmpty()) {
            return at(declaration, rung, "names no cause.", "Name some, or remove it: the method is then for all.");
        }
        if (causes.named().contains(FailureCause.CANCELLED)) {
            return at(
                    declaration,
                    rung,
                    "names CANCELLED, and nobody is asked when the caller has given up.",
                    "Remove it.");
        }
        boolean refusals = takes == null || takes.isAssignableFrom(CallRejectedException.class);
        if (!refusals && causes.anyRefusal()) {
            return at(
                    declaration,
                    rung,
                    "names reasons of refusals, which are no " + name(takes) + ".",
                    "Take a CallRejectedException or an Exception, or remove them.");
        }
        return takes == CallRejectedException.class && causes.anyFailure()
                ? at(
                        declaration,
                        rung,
                        "names causes of failures, which are no CallRejectedException.",
                        "Take an Exception, or remove them.")
                : null;
    }

    /** The nearer of two types wins; who names the cause wins over who is for all. */
    private static @Nullable Problem ambiguous(Declaration declaration, Rung one, Rung other) {
        boolean sameKind = one.causes().areAll() == other.causes().areAll();
        List<Enum<?>> shared = one.causes().sharedWith(other.causes());
        if (!sameKind
                || !Objects.equals(one.takes(), other.takes())
                || (!one.causes().areAll() && shared.isEmpty())) {
            return null;
        }
        String what = shared.isEmpty() ? "all causes" : shared.toString();
        return Problem.at(
                declaration.method(),
                "fallbacks " + Problem.describe(one.method()) + " and " + Problem.describe(other.method())
                        + " are both for " + what + ".",
                "Name different causes on them by @FallbackFor.");
    }

    private static String name(@Nullable Class<?> type) {
        return type == null ? "" : type.getSimpleName();
    }

    private static Problem at(Declaration declaration, Rung rung, String what, String fix) {
        return Problem.at(declaration.method(), FALLBACK_FOR + Problem.describe(rung.method()) + " " + what, fix);
    }
}
