package io.servicebreaker.spring.actuate;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.DecisionRecord.Answer;
import io.servicebreaker.coordination.DecisionRecord.Result;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A decision about a fallback as the endpoint shows it.
 *
 * @param ladder id of the way on which it was
 * @param hop its number on that way
 * @param service that did not answer
 * @param cause why it failed, if it was called
 * @param refusal why it was not called, otherwise
 * @param options the fallback methods that there were
 * @param chosen the one that was asked, if any
 * @param latency how long the call took that did not answer
 * @param cost of that call, if known
 * @param confidence of its answer, if there was one that was not good enough
 * @param result what became of asking the one that was chosen
 * @param answeredBy who answered instead
 * @param answeredIn how long that took
 * @param answerConfidence of that answer, if it tells
 */
record DecisionView(
        String id,
        String ladder,
        int hop,
        Instant at,
        String service,
        String operation,
        @Nullable FailureCause cause,
        @Nullable RejectionReason refusal,
        List<String> options,
        @Nullable String chosen,
        String reason,
        Duration latency,
        @Nullable BigDecimal cost,
        @Nullable Double confidence,
        Result result,
        @Nullable String answeredBy,
        @Nullable Duration answeredIn,
        @Nullable Double answerConfidence) {

    /** Decisions, newest first. */
    record Page(List<DecisionView> decisions) implements OperationResponseBody {}

    static DecisionView of(DecisionRecord decision) {
        Answer answer = decision.answer();
        return new DecisionView(
                decision.id(),
                decision.ladder(),
                decision.hop(),
                decision.at(),
                decision.service(),
                decision.operation(),
                decision.cause(),
                decision.refusal(),
                decision.options(),
                decision.chosen(),
                decision.reason(),
                decision.latency(),
                decision.cost() == null ? null : decision.cost().toDecimal(),
                decision.confidence(),
                decision.result(),
                answer == null ? null : answer.by(),
                answer == null ? null : answer.latency(),
                answer == null ? null : answer.confidence());
    }
}
