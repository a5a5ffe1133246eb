package io.servicebreaker.spring.aop;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** The annotation is used in ways that cannot work; carries every mistake that was found. */
final class InvalidServiceBreakerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidServiceBreakerException(Collection<Problem> problems) {
        super(problems.stream().distinct().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(new LinkedHashSet<>(problems));
    }

    List<Problem> problems() {
        return problems;
    }
}
