package io.servicebreaker.provider;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is left of one limit for the calls of one credential to one model: what the provider said last, less what calls
 * have taken since. Lock-free, safe for use by many threads.
 */
final class Allowance {

    /** Of the limit; a larger reserve would shut out what a small account may do. */
    private static final int LARGEST_RESERVE = 10;

    private final LimitHeaders headers;
    private final String explanation;
    private final Tally tally = new Tally();
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    Allowance(LimitHeaders headers) {
        this.headers = headers;
        this.explanation = "what is left of the provider's limit does not cover the call (" + headers.remaining() + ")";
    }

    /**
     * Takes what the call is expected to use.
     *
     * @return 0, or if it is not there the time until it is, and nothing was taken
     */
    long take(CallRequest request, int floor, long now) {
        while (true) {
            Known seen = known.get();
            long asked = headers.unit().of(request);
            long amount = amount(asked, seen);
            long taken = tally.taken();
            long wait = nanosUntilThere(request, floor, seen, taken, now);
            if (wait > 0) {
                return wait;
            }
            if (tally.take(taken, amount, asked, now)) {
                if (known.get() == seen) {
                    return 0;
                }
                tally.giveBack(
                        amount, asked, now, now); // who learned something meanwhile may not have counted this call
            }
        }
    }

    /** Time until what the call is expected to use is there, 0 if it is now. */
    long nanosUntilThere(CallRequest request, int floor, long now) {
        return nanosUntilThere(request, floor, known.get(), tally.taken(), now);
    }

    private long nanosUntilThere(CallRequest request, int floor, @Nullable Known seen, long taken, long now) {
        return seen == null ? 0 : seen.nanosUntil(needed(request, floor, seen.limit), taken, now);
    }

    /** What can never fit is the provider's to refuse, which takes nothing. */
    private static long amount(long asked, @Nullable Known seen) {
        return seen != null && seen.limit.isBelow(asked) ? 0 : asked;
    }

    /** How much has to be there; of an unknown amount something. */
    private long needed(CallRequest request, int floor, RateLimit limit) {
        long amount = headers.unit().of(request);
        return limit.isBelow(amount) ? 0 : Math.max(1, amount) + reserve(request, floor, limit);
    }

    private long reserve(CallRequest request, int floor, RateLimit limit) {
        return headers.unit() == LimitUnit.REQUESTS && !request.isEssential()
                ? Math.min(floor, limit.limit() / LARGEST_RESERVE)
                : 0;
    }

    /** Takes what the call is expected to use, whether it is there or not. */
    void takeAnyway(CallRequest request, long now) {
        long asked = headers.unit().of(request);
        long amount = amount(asked, known.get());
        while (!tally.take(tally.taken(), amount, asked, now)) {
            Thread.onSpinWait();
        }
    }

    Rejection refusal(long wait) {
        return new Rejection(headers.unit().refusal(), RejectionScope.CREDENTIAL, wait, explanation);
    }

    /** The call was not made, or the provider does not know of it. */
    void giveBack(CallRequest request, long began, long now) {
        long asked = headers.unit().of(request);
        tally.giveBack(amount(asked, known.get()), asked, began, now);
    }

    /** The call has ended. */
    void end(CallRequest request, long began, long now) {
        tally.end(headers.unit().of(request), began, now);
    }

    /** What the provider said is void. Calls under way still count when it says something again. */
    void forget() {
        known.set(null);
    }

    /** Whether there is nothing to remember. */
    boolean isIdle(long now) {
        Known seen = known.get();
        return (seen == null || seen.limit.isOver(now)) && tally.isIdle(now);
    }

    LimitHeaders headers() {
        return headers;
    }

    /** Learns what the answer to a call said that has ended. */
    void learn(RateLimit said, CallRequest request, long began, long now) {
        Known before;
        Known after;
        do {
            before = known.get();
            after = next(before, said, began, amount(headers.unit().of(request), before), now);
        } while (!known.compareAndSet(before, after));
    }

    /**
     * The answer to the call that began last tells best what is left. One to a call that began earlier may have been
     * written before other calls took their part, however late it arrives: it can say that less is left, never more.
     */
    private Known next(@Nullable Known before, RateLimit said, long began, long own, long now) {
        long taken = tally.taken();
        if (before == null || before.limit.isOver(now) || began - before.began >= 0) {
            long since = tally.takenSince(began, own, taken, now);
            return new Known(said, taken - Math.min(since, said.remaining()), began);
        }
        long left = before.limit.available(now) - before.takenSince(taken);
        return !said.isOver(now) && said.available(now) < left ? new Known(said, taken, before.began) : before;
    }

    /** What is known of it now, or null if nothing is. */
    @Nullable
    LimitSnapshot snapshot(String credential, String model, long now) {
        Known seen = known.get();
        if (seen == null || (seen.limit.isOver(now) && seen.limit.limit() == RateLimit.UNKNOWN)) {
            return null;
        }
        boolean over = seen.limit.isOver(now);
        long taken = over ? 0 : seen.takenSince(tally.taken());
        return new LimitSnapshot(
                credential,
                model,
                headers.unit(),
                headers.remaining(),
                seen.limit.limit() == RateLimit.UNKNOWN ? null : seen.limit.limit(),
                Math.max(0, seen.limit.available(now) - taken),
                over ? null : Duration.ofNanos(seen.limit.fullNanos() - now));
    }

    private static final class Known {
        private final RateLimit limit;
        /** What had been taken when the provider said so. */
        private final long takenBefore;
        /** When the call began whose answer it was, or a later one. */
        private final long began;

        Known(RateLimit limit, long takenBefore, long began) {
            this.limit = limit;
            this.takenBefore = takenBefore;
            this.began = began;
        }

        /** Never below zero: calls that were not made give back what they took before. */
        long takenSince(long taken) {
            return Math.max(0, taken - takenBefore);
        }

        long nanosUntil(long needed, long taken, long now) {
            return needed == 0 ? 0 : limit.nanosUntil(needed + takenSince(taken), now);
        }
    }
}
