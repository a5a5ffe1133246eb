package io.servicebreaker.spring.aop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds what speaks against methods that have the name and the parameters of a fallback.
 *
 * @param name by which they are looked for
 * @param kind how the guarded method answers
 * @param owner whose methods the fallbacks are
 */
record FallbackChecks(Declaration declaration, FallbackName name, AnswerKind kind, TypedMethod guarded, Owner owner) {

    /** What is wrong with the method, or null if nothing is. */
    @Nullable
    Problem objection(TypedMethod fallback) {
        Obstacle obstacle = Obstacle.of(fallback.method(), owner);
        if (obstacle != null) {
            return problem(fallback, obstacle.what() + ", so it cannot be called through the proxy.", obstacle.fix());
        }
        Class<?> takes = fallback.takesAfter(guarded);
        if (takes != null && Error.class.isAssignableFrom(takes)) {
            return problem(fallback, "takes an Error, and errors go to the caller.", "Take a subtype of Exception.");
        }
        if (!fallback.returnsWhat(guarded)) {
            String type = fallback.method().getGenericReturnType().getTypeName();
            return problem(fallback, "returns " + type + ", which the caller cannot take.", expected());
        }
        return unexpected(fallback);
    }

    /** How a fallback should be declared. */
    String expected() {
        String start = guarded.declaration(name.method());
        String more = start.endsWith("()") ? "Exception failure)" : ", Exception failure)";
        return "Expected is " + start + " or " + start.substring(0, start.length() - 1) + more + ".";
    }

    /** A proxy wraps checked exceptions that the called method does not declare; publishers pass them as signals. */
    private @Nullable Problem unexpected(TypedMethod fallback) {
        if (kind == AnswerKind.MONO || kind == AnswerKind.FLUX) {
            return null;
        }
        for (Class<?> thrown : fallback.method().getExceptionTypes()) {
            if (isChecked(thrown) && !isDeclared(thrown)) {
                return problem(
                        fallback,
                        "throws " + thrown.getName() + ", which the guarded method does not declare.",
                        "Declare it there too, or throw an unchecked exception.");
            }
        }
        return null;
    }

    private static boolean isChecked(Class<?> thrown) {
        return !RuntimeException.class.isAssignableFrom(thrown) && !Error.class.isAssignableFrom(thrown);
    }

    private boolean isDeclared(Class<?> thrown) {
        return Arrays.stream(guarded.method().getExceptionTypes()).anyMatch(type -> type.isAssignableFrom(thrown));
    }

    private Problem problem(TypedMethod fallback, String what, String fix) {
        return Problem.at(declaration.method(), "fallback " + Problem.describe(fallback.method()) + " " + what, fix);
    }
}
