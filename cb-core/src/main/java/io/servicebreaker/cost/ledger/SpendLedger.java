package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Money;
import java.time.Instant;
import java.util.Map;

/**
 * Where records of what calls cost are kept. Used by one thread at a time, never by one that makes a call, so it may wait;
 * what it throws is logged, and what it was asked is asked again later.
 *
 * <p>Several writers may use the same store: instances of an application, and what they were before they were started
 * again. Each has an id that no other ever has.
 */
public interface SpendLedger {

    /**
     * Makes it ready to be used, such as by creating its tables. To be called first, and again if it has failed.
     *
     * @throws UnusableLedgerException if it never will be; then the application does not start
     */
    void open();

    /**
     * Keeps the records of a batch, all of them or none. Does nothing if it has them already.
     *
     * @throws RefusedException if it never will, for what is in them
     */
    void append(SpendBatch batch);

    /**
     * Notes what is reserved for the calls that a writer has under way, instead of what was noted for it before: it counts
     * as spent by that writer, and does so for good if the writer is never heard of again. Does nothing if what was noted
     * before was noted at a later time.
     *
     * @param reserved by service, of those for which anything is
     * @throws RefusedException if it never will, for the names of services
     */
    void reserve(String writer, Instant at, Map<String, Money> reserved);

    /**
     * What all other writers have spent, by service.
     *
     * @param since what was booked or reserved at that time or later
     */
    Map<String, Money> spentByOthers(String writer, Instant since);
}
