package io.servicebreaker.spring.aop;

import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists every mistake with class, method and fix. */
final class InvalidServiceBreakerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidServiceBreakerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidServiceBreakerException cause) {
        List<Problem> problems = cause.problems();
        StringBuilder description = new StringBuilder(
                problems.size() == 1
                        ? "A use of @ServiceBreaker cannot work:"
                        : problems.size() + " uses of @ServiceBreaker cannot work:");
        StringBuilder action = new StringBuilder();
        int number = 0;
        for (Problem problem : problems) {
            number++;
            description.append("%n%n  %d. %s%n     %s".formatted(number, problem.where(), problem.what()));
            action.append("%s  %d. %s".formatted(number == 1 ? "" : System.lineSeparator(), number, problem.fix()));
        }
        return new FailureAnalysis(description.toString(), action.toString(), cause);
    }
}
