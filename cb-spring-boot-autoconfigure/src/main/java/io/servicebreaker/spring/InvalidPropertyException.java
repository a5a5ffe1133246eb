package io.servicebreaker.spring;

import org.jspecify.annotations.Nullable;

/** A property of ours has a value that cannot be used. {@link InvalidPropertyFailureAnalyzer} tells people. */
public final class InvalidPropertyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final @Nullable String value;
    private final String problem;
    private final String fix;

    /**
     * Creates the exception.
     *
     * @param property full name
     * @param value what it is, or null if the name itself is the problem
     * @param problem goes on the sentence that begins with the name of the property
     * @param fix what to do, a full sentence
     */
    public InvalidPropertyException(String property, @Nullable String value, String problem, String fix) {
        super(property + (value == null ? " " : "=" + value + " ") + problem + ". " + fix);
        this.property = property;
        this.value = value;
        this.problem = problem;
        this.fix = fix;
    }

    String property() {
        return property;
    }

    @Nullable
    String value() {
        return value;
    }

    String problem() {
        return problem;
    }

    String fix() {
        return fix;
    }
}
