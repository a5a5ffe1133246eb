package io.servicebreaker.adaptive;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what became of the calls for as long as is learned from. Safe for use by many threads; may wait and do I/O, so it is
 * never used on the way of a call.
 */
public interface HistoryStore {

    /**
     * Adds minutes that are over. One that is known already, from another instance or from before a restart, is added to what
     * is known of it.
     */
    void append(List<CallMinute> minutes);

    /**
     * Reads the minutes of a service and of its models since then, in the order of time.
     *
     * @param since minutes that began earlier are left out
     */
    void read(String service, Instant since, Consumer<CallMinute> reader);
}
