package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationLevel;
import java.lang.reflect.Method;
import java.util.List;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** A method that is handed the level of its call as an argument, whatever the caller passed. */
final class LevelledMethod extends GuardedMethod {

    /** Position of the argument of a method that takes no level. */
    static final int NONE = -1;

    private final CallOrchestrator orchestrator;
    private final CallRequest asked;
    private final GuardedMethod method;
    private final int parameter;

    /**
     * Creates the plan.
     *
     * @param asked whose level it is
     * @param method how the call is made then
     */
    LevelledMethod(Parts parts, CallRequest asked, GuardedMethod method, int parameter) {
        super(parts);
        this.orchestrator = parts.orchestrator();
        this.asked = asked;
        this.method = method;
        this.parameter = parameter;
    }

    /** Where a method takes the level, or {@link #NONE}. */
    static int parameter(Method method) {
        return List.of(method.getParameterTypes()).indexOf(DegradationLevel.class);
    }

    /** A level is that of the one call; two parameters of its type are a mistake. */
    static void check(Method method, List<Problem> problems) {
        if (List.of(method.getParameterTypes()).lastIndexOf(DegradationLevel.class) != parameter(method)) {
            problems.add(Problem.at(
                    method,
                    "It has more than one parameter of the type DegradationLevel, and a call has one level.",
                    "Leave one of them."));
        }
    }

    /** Before anything else reads the arguments. */
    @Override
    @Nullable
    Object invoke(MethodInvocation invocation) throws Throwable {
        invocation.getArguments()[parameter] = level();
        return method.invoke(invocation);
    }

    private DegradationLevel level() {
        try {
            return orchestrator.degradation(asked);
        } catch (RuntimeException | Error e) {
            fault(e);
            return DegradationLevel.FULL;
        }
    }
}
