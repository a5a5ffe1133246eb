package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.DegradeAt;
import io.servicebreaker.call.DegradationHints;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.DegradationSteps;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Reads what a method says of its calls at each level. */
final class HintReader {

    private static final int HIGHEST = DegradationLevel.CACHE_ONLY.step();

    private final Placeholders placeholders;

    HintReader(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /** Whether a method, or one that it overrides, says anything. */
    static boolean isHinted(Method method) {
        return !written(method).isEmpty();
    }

    /** Methods that say something and are not guarded: nothing would come of it. */
    static void checkUnguarded(Owner owner, Map<Method, Declaration> guarded, List<Problem> problems) {
        for (Method method : BeanMethods.of(owner.target())) {
            if (!guarded.containsKey(method) && isHinted(method)) {
                problems.add(Problem.at(
                        method,
                        "@DegradeAt has no effect: the method has no @ServiceBreaker.",
                        "Add @ServiceBreaker, or remove @DegradeAt."));
            }
        }
    }

    /** What a method says, or null if it says nothing. What is wrong with it is among the problems. */
    @Nullable
    DegradationSteps read(Declaration declaration, List<Problem> problems) {
        List<DegradeAt> hints = written(declaration.method());
        if (hints.isEmpty() && declaration.source() instanceof Method overridden) {
            hints = written(overridden); // of an interface that only a subclass implements
        }
        if (hints.isEmpty()) {
            return null;
        }
        if (declaration.annotation().essential()) {
            problems.add(Problem.at(
                    declaration.method(),
                    "It has @DegradeAt and is essential, so that its calls are never degraded.",
                    "Remove @DegradeAt, or essential."));
        }
        Map<DegradationLevel, Map<String, String>> byLevel = new EnumMap<>(DegradationLevel.class);
        for (DegradeAt hint : hints) {
            add(declaration, hint, byLevel, problems);
        }
        return DegradationSteps.of(byLevel);
    }

    private void add(
            Declaration declaration,
            DegradeAt hint,
            Map<DegradationLevel, Map<String, String>> byLevel,
            List<Problem> problems) {
        Method method = declaration.method();
        String text = "@DegradeAt(level = " + hint.level() + ")";
        Map<String, String> values = new HashMap<>();
        if (hint.level() < 1 || hint.level() > HIGHEST) {
            problems.add(Problem.at(method, text + " is no level.", "Use 1 to " + HIGHEST + "."));
        } else if (byLevel.put(DegradationLevel.ofStep(hint.level()), values) != null) {
            problems.add(Problem.at(method, text + " is there twice.", "Say all of a level in one @DegradeAt."));
        }
        if (hint.maxTokens() < 1) {
            problems.add(Problem.at(
                    method,
                    text + " has maxTokens = " + hint.maxTokens() + ", and an answer has at least one token.",
                    "Use 1 or more, or leave maxTokens out."));
        }
        if (hint.maxTokens() < Integer.MAX_VALUE) {
            values.put(DegradationHints.MAX_TOKENS, Integer.toString(hint.maxTokens()));
        }
        if (!hint.model().isEmpty()) {
            values.put(DegradationHints.MODEL, model(declaration, hint, text, problems));
        }
        if (values.isEmpty()) {
            problems.add(Problem.at(method, text + " says nothing.", "Add model or maxTokens, or remove it."));
        }
    }

    private String model(Declaration declaration, DegradeAt hint, String text, List<Problem> problems) {
        String model = placeholders.resolved(declaration, "model", hint.model(), problems);
        if (model.isBlank() || model.startsWith("#")) {
            problems.add(Problem.at(
                    declaration.method(),
                    text + " has model = \"" + model + "\", which is no id of a model.",
                    "Write the id as it is; expressions are not read here."));
        }
        return model;
    }

    /** A method's own hints win over those of a method that it overrides. */
    private static List<DegradeAt> written(Method method) {
        List<MergedAnnotation<DegradeAt>> found = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).stream(
                        DegradeAt.class)
                .toList();
        return found.stream()
                .filter(hint -> hint.getAggregateIndex() == found.get(0).getAggregateIndex())
                .map(MergedAnnotation::synthesize)
                .toList();
    }
}
