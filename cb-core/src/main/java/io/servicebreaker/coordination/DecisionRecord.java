package io.servicebreaker.coordination;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.cost.Money;
import io.servicebreaker.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call did not answer, and it was decided who is asked instead: one hop on a ladder of fallbacks. Recorded when it is
 * known what became of it.
 *
 * @param ladder the way on which it was, an id that no other instance gives
 * @param hop number on that way, from 1
 * @param at when it was decided
 * @param service that did not answer
 * @param operation that was asked of it
 * @param cause why the call failed; null if it was refused
 * @param refusal why the call was refused; null if it failed
 * @param options the fallbacks that there were: methods, or services that HTTP clients ask
 * @param chosen the one that was asked; null if none was
 * @param reason a sentence for people
 * @param latency how long the call took that did not answer
 * @param cost of that call, if known
 * @param confidence that its answer told, if there was an answer that was not good enough
 * @param result what became of asking the one that was chosen
 * @param answer what is known of the answer instead; null if there is none
 */
public record DecisionRecord(
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
        @Nullable Money cost,
        @Nullable Double confidence,
        Result result,
        @Nullable Answer answer)
        implements Event {

    /** The newest first; where all happened at once, the last ladder that began, and its last hop. */
    public static final Comparator<DecisionRecord> NEWEST_FIRST = Comparator.comparing(DecisionRecord::at)
            .thenComparing(DecisionRecord::ladder)
            .thenComparing(DecisionRecord::hop)
            .reversed();

    /** What became of a decision. */
    public enum Result {
        /** There is an answer: the caller does not see the failure. */
        ANSWERED,
        /** The one that was chosen looked it up, and it is not there. */
        MISSED,
        /** The one that was chosen did not answer either. */
        FAILED,
        /** The caller gave up meanwhile. */
        CANCELLED,
        /** Nobody was asked. */
        NOBODY_ASKED
    }

    /**
     * An answer instead of the one that was asked for.
     *
     * @param by the service that gave it, or the fallback method if that called none
     * @param latency from the decision to the answer
     * @param confidence that its method tells, from 0 to 1
     */
    public record Answer(
            String by, Duration latency, @Nullable Double confidence) {}

    public DecisionRecord {
        options = List.copyOf(options);
    }

    /** Names the decision, also among those of other instances. */
    public String id() {
        return ladder + "." + hop;
    }
}
