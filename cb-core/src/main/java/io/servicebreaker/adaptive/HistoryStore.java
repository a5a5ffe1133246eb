package io.servicebreaker.adaptive;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what became of the calls for as long as is learned from. Safe for use by many threads; may wait and do I/O, so it is
 * never used on the way of a call.
 */
public interface HistoryStore {

    /**
     * One that a restart forgets.
     *
     * @param kept for how long
     */
    static HistoryStore inMemory(Duration kept, TimeSource time) {
        return new InMemoryHistoryStore(kept, time);
    }

    /** The same one, which nobody waits for again for a minute after it was slow to fail. */
    static HistoryStore spared(HistoryStore store, TimeSource time) {
        return new SparedHistoryStore(store, time);
    }

    /**
     * Adds minutes that are over, all of them or none. One that is known already, from another instance or from before a restart,
     * is added to what is known of it.
     *
     * @throws RuntimeException if it cannot; what was to be added is then to come again as it was, before anything else does
     */
    void append(List<CallMinute> minutes);

    /**
     * Reads the minutes of a service and of its models since then, in the order of time, in each the service first.
     *
     * @param since minutes that began earlier are left out
     */
    void read(String service, Instant since, Consumer<CallMinute> reader);

    /**
     * Reads the same added up by hours, which is much faster.
     *
     * @param since hours that were over by then are left out
     */
    void readHours(String service, Instant since, Consumer<CallMinute> reader);
}
