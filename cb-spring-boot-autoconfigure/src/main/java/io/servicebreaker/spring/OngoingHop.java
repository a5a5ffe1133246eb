package io.servicebreaker.spring;

import io.servicebreaker.call.AnswerPath;
import io.servicebreaker.call.AnswerStep;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.coordination.DecisionRecord;
import io.servicebreaker.coordination.DecisionRecord.Answer;
import io.servicebreaker.coordination.DecisionRecord.Result;
import io.servicebreaker.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One step down a ladder: a call has not answered, and somebody else may. Its first end is recorded, and later ones are
 * ignored; if nobody is asked, only {@link #nobody} ends it. Safe for use by many threads.
 */
public abstract class OngoingHop {

    private final Hops hops;
    private final CallRequest request;
    private final Mishap mishap;
    private final AnswerPath path;
    private final int number;
    private final Instant at;
    private final long askedNanos;
    private final Duration latency;
    private final @Nullable Money cost;
    private final @Nullable Double confidence;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Begins it. Who is asked is for the subclass to say.
     *
     * @param call null if it was refused, on this thread
     * @param confidence that an answer told which is not good enough, if it did
     */
    protected OngoingHop(
            Hops hops, CallRequest request, @Nullable OngoingCall call, Mishap mishap, @Nullable Double confidence) {
        this.hops = hops;
        this.request = request;
        this.mishap = mishap;
        this.path = hops.below(request, call, mishap);
        this.number = path.nextHop();
        this.at = hops.now();
        this.askedNanos = hops.nanos();
        this.latency = Duration.ofNanos(call == null ? 0 : call.durationNanos());
        this.cost = hops.cost(request, call);
        this.confidence = confidence;
    }

    /** The fallbacks that there are. */
    protected abstract List<String> options();

    /** The one that is asked, or null if none is. */
    protected abstract @Nullable String chosen();

    /** Why it is that one, or none, to go on a sentence for people. */
    protected abstract String choice();

    /** Whether no more fallbacks are asked within each other. */
    protected final boolean isTooDeep() {
        return path.depth() > hops.maxDepth();
    }

    /** What {@link #choice} says if it is too deep. */
    protected final String tooDeep() {
        return "no more than " + hops.maxDepth() + " fallbacks are asked within each other";
    }

    /** What has happened to the call. */
    public final Throwable failure() {
        return mishap.failure();
    }

    /** Of whoever is asked. */
    public final AnswerPath path() {
        return path;
    }

    /** There is an answer: of the last service that answered, or else of the one that was chosen itself. */
    public final void answered() {
        String chosen = chosen();
        if (chosen != null && ended.compareAndSet(false, true)) {
            Duration taken = Duration.ofNanos(Math.max(0, hops.nanos() - askedNanos));
            String by = path.answeredBy().orElse(null);
            if (by == null) {
                by = chosen;
                path.answered(by, AnswerStep.Result.ANSWERED, taken);
            }
            OptionalDouble told = path.confidence();
            hops.tell(record(Result.ANSWERED, new Answer(by, taken, told.isEmpty() ? null : told.getAsDouble())));
        }
    }

    /** The one that was chosen looked it up, and it is not there. */
    protected final void missed() {
        end(Result.MISSED);
    }

    /** The one that was chosen has failed, or the caller has given up. */
    public final void failed(Throwable error) {
        if (chosen() != null) {
            end(Mishap.unwrapped(error) instanceof CancellationException ? Result.CANCELLED : Result.FAILED);
        }
    }

    /** The caller has given up. */
    public final void cancelled() {
        if (chosen() != null) {
            end(Result.CANCELLED);
        }
    }

    /** Nobody is asked. */
    public final void nobody() {
        end(Result.NOBODY_ASKED);
    }

    /** Nothing is answered instead of a service that was not called. */
    public final void empty() {
        path.answered(request.service(), AnswerStep.Result.MISSED, Duration.ZERO);
    }

    private void end(Result result) {
        if (ended.compareAndSet(false, true)) {
            hops.tell(record(result, null));
        }
    }

    private DecisionRecord record(Result result, @Nullable Answer answer) {
        return new DecisionRecord(
                path.id(),
                number,
                at,
                request.service(),
                request.operation(),
                mishap.cause(),
                mishap.refusal(),
                options(),
                chosen(),
                mishap.sentence(request.service()) + "; " + choice(),
                latency,
                cost,
                confidence,
                result,
                answer);
    }
}
