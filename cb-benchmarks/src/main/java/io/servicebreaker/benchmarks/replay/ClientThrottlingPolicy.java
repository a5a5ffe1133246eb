package io.servicebreaker.benchmarks.replay;

import java.util.Collection;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a call with probability (requests − K · accepts) / (requests + 1) over the last two minutes, K = 2. A call counts
 * once it is known whether it was accepted, or else the first calls would refuse those that come while they are under way.
 *
 * <p>Source: B. Beyer and others, <i>Site Reliability Engineering</i>, chapter 21, "Client-side throttling".
 */
final class ClientThrottlingPolicy implements Policy {

    private static final double K = 2;
    private static final int BUCKETS = 24;
    private static final double BUCKET_SECONDS = 5;

    private final long seed;

    ClientThrottlingPolicy(long seed) {
        this.seed = seed;
    }

    @Override
    public Map<String, Gatekeeper> guard(String provider, Collection<String> services, VirtualClock clock) {
        SplittableRandom luck = new SplittableRandom(seed);
        return services.stream().collect(Collectors.toMap(Function.identity(), name -> new Client(clock, luck)));
    }

    private static final class Client implements Gatekeeper {

        private final VirtualClock clock;
        private final SplittableRandom luck;
        private final long[] requests = new long[BUCKETS];
        private final long[] accepts = new long[BUCKETS];
        private long newest;
        private long allRequests;
        private long allAccepts;

        Client(VirtualClock clock, SplittableRandom luck) {
            this.clock = clock;
            this.luck = luck;
        }

        @Override
        public @Nullable Attempt begin(Losses now) {
            int bucket = bucket();
            if (luck.nextDouble() >= (allRequests - K * allAccepts) / (allRequests + 1)) {
                return this::ended;
            }
            requested(bucket);
            return null;
        }

        private void requested(int bucket) {
            requests[bucket]++;
            allRequests++;
        }

        private void ended(Answer answer, long retryAfterSeconds) {
            int bucket = bucket();
            requested(bucket);
            if (!answer.isFailure()) {
                accepts[bucket]++;
                allAccepts++;
            }
        }

        private int bucket() {
            long now = (long) (clock.seconds() / BUCKET_SECONDS);
            for (long fresh = Math.max(newest + 1, now - BUCKETS + 1); fresh <= now; fresh++) {
                int old = (int) (fresh % BUCKETS);
                allRequests -= requests[old];
                allAccepts -= accepts[old];
                requests[old] = 0;
                accepts[old] = 0;
            }
            newest = now;
            return (int) (now % BUCKETS);
        }
    }
}
