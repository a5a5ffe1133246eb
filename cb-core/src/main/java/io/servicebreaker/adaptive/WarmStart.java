package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.PastCalls;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Tells breakers what their history knows, so that a restart forgets neither what is usual nor how long troubles last. For one
 * thread; may wait for the store.
 */
public final class WarmStart {

    private final List<Breaker> untold;
    private final HistoryStore store;
    private final Duration window;
    private final TimeSource time;
    private final InternalFaults faults;

    /**
     * Creates one that has told nothing.
     *
     * @param window how far back it looks
     */
    public WarmStart(
            Collection<Breaker> breakers, HistoryStore store, Duration window, TimeSource time, InternalFaults faults) {
        this.untold = new ArrayList<>(breakers);
        this.store = store;
        this.window = window;
        this.time = time;
        this.faults = faults;
    }

    /** Tells those that were not told yet. If the history cannot be read they have to wait for the next time. */
    public void tell() {
        try {
            while (!untold.isEmpty()) {
                Breaker breaker = untold.get(0);
                breaker.recall(read(store, breaker.service(), time.now().minus(window)));
                untold.remove(0);
            }
        } catch (RuntimeException e) {
            faults.record("history of calls", e);
        }
    }

    static PastCalls read(HistoryStore store, String service, Instant since) {
        PastHours past = new PastHours();
        store.readHours(service, since, hour -> {
            if (hour.model().isEmpty()) {
                past.add(hour);
            }
        });
        return past.calls();
    }
}
