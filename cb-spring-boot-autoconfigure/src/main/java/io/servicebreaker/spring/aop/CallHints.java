package io.servicebreaker.spring.aop;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.DegradationHints;
import io.servicebreaker.call.DegradationLevel;
import io.servicebreaker.call.DegradationSteps;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of one method ask for less. Safe for use by many threads.
 *
 * <p>The level is that at which a call begins and, where the method was handed one, that one: what the method asks for and
 * what we say that it asks for are then the same.
 */
final class CallHints {

    private final CallOrchestrator orchestrator;
    private final DegradationSteps own;
    private final DegradationSteps all;
    private final int parameter;

    /**
     * Creates them.
     *
     * @param own what the method says, which is done
     * @param offered what its service suggests besides, which is only told; no model, since the call is known to be of
     *     the one that the method says
     * @param parameter position of the argument that is the level, or {@link LevelledMethod#NONE}
     */
    CallHints(CallOrchestrator orchestrator, DegradationSteps own, DegradationSteps offered, int parameter) {
        this.orchestrator = orchestrator;
        this.own = own;
        this.all = own.over(offered.without(DegradationHints.MODEL));
        this.parameter = parameter;
    }

    /** The request of a call of which there is none yet: what nobody degrades is left as it is. */
    CallRequest prepared(CallRequest fixed) {
        return fixed.hints(all.at(DegradationLevel.FULL));
    }

    /** The request as it is made now. */
    CallRequest applied(CallRequest request, @Nullable Object[] arguments) {
        DegradationLevel level = level(request, arguments);
        if (!level.isDegraded()) {
            return request;
        }
        DegradationHints said = own.at(level);
        CallRequest less = request.hints(all.at(level)).model(said.model().orElse(request.model()));
        return said.maxTokens().isPresent() ? bounded(less, said.maxTokens().getAsInt()) : less;
    }

    private DegradationLevel level(CallRequest request, @Nullable Object[] arguments) {
        Object handed = parameter == LevelledMethod.NONE ? null : arguments[parameter];
        return handed instanceof DegradationLevel level ? level : orchestrator.degradation(request);
    }

    /** Of who says only what is sent, the answer may have all that is allowed. Who says nothing is judged by the past. */
    private static CallRequest bounded(CallRequest request, int most) {
        int input = request.inputTokens();
        int output = request.outputTokens();
        if (input == 0 && output == 0) {
            return request;
        }
        return request.estimatedTokens(input, output == 0 ? most : Math.min(output, most));
    }
}
