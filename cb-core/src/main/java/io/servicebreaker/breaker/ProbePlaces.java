package io.servicebreaker.breaker;

import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the probes under way over all services and their backends, and shares them out fairly. Lock-free, safe for use by many threads.
 *
 * <p>A service that finds no place is written down; until it has had one, or has not asked again for a while, a place
 * that becomes free is kept for it. So a busy service cannot starve a quiet one.
 */
final class ProbePlaces {

    /** The refusal of a probe that finds no place. */
    static final Rejection ALL_TAKEN = new Rejection(
            RejectionReason.HALF_OPEN_FULL,
            RejectionScope.SERVICE,
            Rejection.UNKNOWN_TIME,
            "as many services as allowed are being probed");

    /** A service that has not asked for so long no longer has a place kept for it: three calls a minute are enough. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    /** Asking again within this time is not written down: many refused callers would contend for nothing. */
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final int places;
    private final AtomicReference<Sharing> sharing = new AtomicReference<>(new Sharing(List.of(), List.of()));

    ProbePlaces(int places) {
        if (places < 1) {
            throw new InvalidSettingException("max-concurrent-recovery-attempts", places, "at least 1");
        }
        this.places = places;
    }

    /** A place until it is left or {@code until} is reached, or null if there is none for this service. */
    @Nullable
    Place take(String service, long until, long now) {
        while (true) {
            Sharing before = sharing.get();
            if (before.isFreshAndFull(service, places, now)) {
                return null;
            }
            List<Place> taken = before.liveAt(now);
            List<Waiting> others = before.othersWaiting(service, now);
            if (taken.size() + before.ahead(service, others) < places) {
                Place place = new Place(service, until);
                if (sharing.compareAndSet(before, new Sharing(plus(taken, place), others))) {
                    return place;
                }
            } else if (sharing.compareAndSet(before, before.waitingToo(service, taken, others, now))) {
                return null;
            }
        }
    }

    /** Whether it is written down already that this service finds none. Without allocation. */
    boolean lacks(String service, long now) {
        return sharing.get().isFreshAndFull(service, places, now);
    }

    /** Frees the place; without effect if it is free already. */
    void leave(Place place) {
        sharing.updateAndGet(before -> new Sharing(
                before.taken.stream().filter(other -> other != place).toList(), before.waiting));
    }

    /** The service no longer asks: whether it works or not, its breaker has moved on. */
    void forget(String service) {
        sharing.updateAndGet(before -> before.isWaiting(service)
                ? new Sharing(
                        before.taken,
                        before.waiting.stream()
                                .filter(entry -> !entry.service.equals(service))
                                .toList())
                : before);
    }

    int taken(long now) {
        return sharing.get().liveAt(now).size();
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }

    /** One probe's place. Compared by identity: a service may have several. */
    static final class Place {
        private final String service;
        private volatile long until;

        private Place(String service, long until) {
            this.service = service;
            this.until = until;
        }

        /** Keeps the place longer, unless it is over already. */
        void renew(long newUntil) {
            until = newUntil;
        }

        @Override
        public String toString() {
            return service;
        }
    }

    private record Waiting(String service, long since, long askedAt) {}

    private record Sharing(List<Place> taken, List<Waiting> waiting) {

        /** Without allocation: most refused callers learn nothing new. */
        boolean isFreshAndFull(String service, int places, long now) {
            if (taken.size() < places) {
                return false;
            }
            for (Place place : taken) {
                if (now >= place.until) {
                    return false;
                }
            }
            for (Waiting entry : waiting) {
                if (entry.service.equals(service)) {
                    return now - entry.askedAt < FRESH_NANOS;
                }
            }
            return false;
        }

        boolean isWaiting(String service) {
            return waiting.stream().anyMatch(entry -> entry.service.equals(service));
        }

        List<Place> liveAt(long now) {
            return taken.stream().filter(place -> now < place.until).toList();
        }

        List<Waiting> othersWaiting(String service, long now) {
            return waiting.stream()
                    .filter(other -> !other.service.equals(service) && now - other.askedAt < PATIENCE_NANOS)
                    .toList();
        }

        /** How many wait for longer than this service, which may not wait at all. */
        long ahead(String service, List<Waiting> others) {
            long since = waitingSince(service, State.NEVER);
            return others.stream().filter(other -> other.since < since).count();
        }

        private long waitingSince(String service, long otherwise) {
            return waiting.stream()
                    .filter(entry -> entry.service.equals(service))
                    .findFirst()
                    .map(Waiting::since)
                    .orElse(otherwise);
        }

        Sharing waitingToo(String service, List<Place> live, List<Waiting> others, long now) {
            long since = waitingSince(service, now);
            return new Sharing(live, plus(others, new Waiting(service, since, now)));
        }
    }
}
