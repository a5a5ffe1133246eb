package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.ServiceBreaker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.env.PropertyResolver;

/** Resolves <code>${…}</code> in the attributes that are texts. Expressions have a syntax of their own. */
final class Placeholders {

    private static final List<String> TEXTS =
            List.of("value", "operation", "model", "category", "fallback", "deadline");

    private final PropertyResolver properties;

    Placeholders(PropertyResolver properties) {
        this.properties = properties;
    }

    /** The annotation as it is meant. What cannot be resolved stays as it is written. */
    ServiceBreaker resolve(MergedAnnotation<ServiceBreaker> annotation) {
        Map<String, Object> attributes = new HashMap<>(annotation.asMap());
        TEXTS.forEach(name -> attributes.computeIfPresent(name, (key, text) -> resolve((String) text)));
        return MergedAnnotation.of(ServiceBreaker.class, attributes).synthesize();
    }

    /** Whether everything could be resolved; what could not is otherwise among the problems. */
    boolean check(Declaration declaration, List<Problem> problems) {
        int before = problems.size();
        MergedAnnotation<ServiceBreaker> annotation = MergedAnnotation.from(declaration.annotation());
        TEXTS.forEach(name -> check(declaration, name, annotation.getString(name), problems));
        return problems.size() == before;
    }

    /** A text beside the annotation. Where it cannot be resolved, that is among the problems. */
    String resolved(Declaration declaration, String name, String text, List<Problem> problems) {
        check(declaration, name, text, problems);
        return resolve(text);
    }

    private String resolve(String text) {
        try {
            return isExpression(text) ? text : properties.resolvePlaceholders(text);
        } catch (IllegalArgumentException e) {
            return text; // a property that refers to itself: the check says so
        }
    }

    private void check(Declaration declaration, String name, String text, List<Problem> problems) {
        try {
            if (!isExpression(text)) {
                properties.resolveRequiredPlaceholders(text);
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.at(
                    declaration.method(),
                    name + " = \"" + text + "\" cannot be resolved: " + e.getMessage() + ".",
                    "Define the property, or give a default as in ${name:default}."));
        }
    }

    private static boolean isExpression(String text) {
        return text.startsWith("#");
    }
}
