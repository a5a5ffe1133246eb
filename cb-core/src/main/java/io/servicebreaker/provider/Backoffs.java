package io.servicebreaker.provider;

import io.servicebreaker.call.Cooldown;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link Backoff} for each credential: what one has done is not the others' fault. */
final class Backoffs {

    /** More credentials than a service has; what comes after them shares one. */
    private static final int MOST = 200;

    private static final String SHARED = "";

    private final Duration first;
    private final double multiplier;
    private final Duration longest;
    private final Map<String, Backoff> byCredential = new ConcurrentHashMap<>();

    Backoffs(Duration first, double multiplier, Duration longest) {
        this.first = atMostLongest(first);
        this.multiplier = multiplier;
        this.longest = atMostLongest(longest);
    }

    private static Duration atMostLongest(Duration duration) {
        return duration.compareTo(Cooldown.LONGEST) > 0 ? Cooldown.LONGEST : duration;
    }

    /** How long to wait from now, above zero and at most {@link Cooldown#LONGEST}. */
    Duration strike(String credential, long now) {
        boolean room = byCredential.size() < MOST || byCredential.containsKey(credential);
        return byCredential
                .computeIfAbsent(room ? credential : SHARED, name -> new Backoff(first, multiplier, longest))
                .strike(now);
    }
}
