package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationSteps;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.Misses;
import io.servicebreaker.spring.Hops;
import io.servicebreaker.spring.NearestName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.convert.DurationStyle;

/** Turns a declaration into a plan, or into problems. */
final class GuardedMethodFactory {

    private static final Logger log = LoggerFactory.getLogger(GuardedMethodFactory.class);

    private final CallOrchestrator orchestrator;
    private final InternalFaults faults;
    private final Services services;
    private final Placeholders placeholders;
    private final HintReader hints;
    private final FallbackBinder fallbacks;
    private final Ladder ladder;
    private final Hops hops;

    GuardedMethodFactory(
            CallOrchestrator orchestrator,
            InternalFaults faults,
            Services services,
            Placeholders placeholders,
            FallbackBinder fallbacks,
            Ladder ladder,
            Hops hops) {
        this.orchestrator = orchestrator;
        this.faults = faults;
        this.services = services;
        this.placeholders = placeholders;
        this.hints = new HintReader(placeholders);
        this.fallbacks = fallbacks;
        this.ladder = ladder;
        this.hops = hops;
    }

    /** The plan, or null if there are problems. */
    @Nullable
    GuardedMethod create(Declaration declaration, Owner owner, List<Problem> problems) {
        if (!placeholders.check(declaration, problems)) {
            return null;
        }
        int before = problems.size();
        MethodChecks.check(declaration, owner, problems);
        AnswerKind kind = AnswerKind.of(declaration.method(), owner.userClass(), problems);
        checkService(declaration, problems);
        ExpressionReader reader = new ExpressionReader(declaration, problems);
        RequestSource requests = requests(declaration, reader, hints(declaration, problems), problems);
        ArgumentExpression acceptance =
                judging("acceptResult", declaration.annotation().acceptResult(), declaration, kind, reader, problems);
        ArgumentExpression confidence =
                judging("confidence", declaration.annotation().confidence(), declaration, kind, reader, problems);
        Fallback fallback = fallbacks.bind(declaration, kind, owner, problems);
        ladder.check(declaration, owner, hops.maxDepth(), problems);
        if (problems.size() > before) {
            return null;
        }
        tell(declaration, owner);
        String service = declaration.annotation().value();
        Misses misses = services.misses(service);
        TypedMethod method = new TypedMethod(declaration.method(), owner.userClass());
        GuardedMethod.Parts parts = new GuardedMethod.Parts(
                orchestrator,
                faults,
                requests,
                acceptance == null ? null : new Acceptance(acceptance),
                confidence == null ? null : new Confidence(confidence),
                fallback,
                hops,
                misses.whenEmpty() && !method.answersNothing(),
                misses.whenRefused() ? EmptyAnswer.of(service, kind, method) : null);
        GuardedMethod plan = guarded(kind, method.isSuspending(), parts, services.streams(service));
        int level = LevelledMethod.parameter(declaration.method());
        return level == LevelledMethod.NONE ? plan : new LevelledMethod(parts, requests.fixed(), plan, level);
    }

    private void tell(Declaration declaration, Owner owner) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "Guarding {}: service '{}', operation '{}', fallbacks {}",
                    Problem.describe(declaration.method()),
                    declaration.annotation().value(),
                    declaration.operation(),
                    ladder.describe(declaration, owner));
        }
    }

    private static GuardedMethod guarded(
            AnswerKind kind, boolean suspending, GuardedMethod.Parts parts, StreamRules streams) {
        return switch (kind) {
            case STAGE -> new StageMethod(parts);
            case MONO, FLUX ->
                suspending
                        ? new SuspendingMethod(parts, kind == AnswerKind.MONO, streams)
                        : new ReactiveMethod(parts, kind == AnswerKind.MONO, streams);
            case BLOCKING, UNSUPPORTED -> new BlockingMethod(parts);
        };
    }

    private void checkService(Declaration declaration, List<Problem> problems) {
        String name = declaration.annotation().value();
        if (name.isBlank()) {
            problems.add(Problem.at(
                    declaration.method(),
                    "The service name \"" + name + "\" is blank.",
                    "Write the name of a service" + known() + "."));
        } else if (!services.names().contains(name)) {
            problems.add(Problem.at(
                    declaration.method(),
                    "Service '" + name + "' is not configured" + known() + ".",
                    NearestName.of(name, services.names())
                                    .map(nearest -> "Did you mean '" + nearest + "'? Otherwise add ")
                                    .orElse("Add ")
                            + "service-breaker.services." + name + " to the configuration."));
        }
    }

    private String known() {
        List<String> names = services.names();
        return names.isEmpty() ? " (none is configured)" : " (configured: " + String.join(", ", names) + ")";
    }

    private @Nullable CallHints hints(Declaration declaration, List<Problem> problems) {
        DegradationSteps own = hints.read(declaration, problems);
        return own == null
                ? null
                : new CallHints(
                        orchestrator,
                        own,
                        services.steps(declaration.annotation().value()),
                        LevelledMethod.parameter(declaration.method()));
    }

    private RequestSource requests(
            Declaration declaration, ExpressionReader reader, @Nullable CallHints called, List<Problem> problems) {
        ServiceBreaker annotation = declaration.annotation();
        CallRequest fixed = CallRequest.to(annotation.value())
                .operation(declaration.operation())
                .category(annotation.category());
        if (annotation.essential()) {
            fixed = fixed.essential();
        }
        boolean dynamicModel = annotation.model().startsWith("#");
        if (!dynamicModel) {
            fixed = fixed.model(annotation.model());
        }
        boolean dynamicDeadline = annotation.deadline().startsWith("#");
        if (!dynamicDeadline && !annotation.deadline().isEmpty()) {
            fixed = fixed.deadline(deadline(declaration, problems));
        }
        return new RequestSource(
                fixed,
                dynamicDeadline ? reader.read("deadline", annotation.deadline(), false) : null,
                dynamicModel ? reader.read("model", annotation.model(), false) : null,
                reader.read("estimatedTokens", annotation.estimatedTokens(), false),
                called);
    }

    private static Duration deadline(Declaration declaration, List<Problem> problems) {
        String text = declaration.annotation().deadline();
        try {
            Duration deadline = DurationStyle.detectAndParse(text);
            if (!deadline.isNegative() && !deadline.isZero()) {
                return deadline;
            }
        } catch (IllegalArgumentException e) {
            log.trace("Not a duration", e); // the problem says so
        }
        problems.add(Problem.at(
                declaration.method(),
                "deadline = \"" + text + "\" is no time that a call can have.",
                "Write one such as 20s or 500ms, or an expression that starts with #."));
        return Duration.ZERO;
    }

    private static @Nullable ArgumentExpression judging(
            String attribute,
            String text,
            Declaration declaration,
            AnswerKind kind,
            ExpressionReader reader,
            List<Problem> problems) {
        ArgumentExpression expression = reader.read(attribute, text, true);
        if (expression == null) {
            return null;
        }
        if (kind == AnswerKind.FLUX || declaration.method().getReturnType() == void.class) {
            problems.add(Problem.at(
                    declaration.method(),
                    kind == AnswerKind.FLUX
                            ? attribute + " cannot judge a Flux: what was emitted cannot be taken back."
                            : attribute + " cannot judge a method that returns nothing.",
                    "Remove " + attribute + ", or return the whole answer."));
        }
        return expression;
    }
}
