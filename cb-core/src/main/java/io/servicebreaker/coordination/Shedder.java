package io.servicebreaker.coordination;

import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.call.RejectionScope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the calls to refuse while this application is short of resources, the least important first. Lock-free, safe
 * for use by many threads.
 *
 * <p>Services are grouped by their criticality, and the groups share the way from no call to all: the first is refused
 * altogether before the next loses a call. The last one loses none because of busy processors: there is nobody in whose
 * favour that would be. Essential calls are never refused, even at full load: they are few, they are
 * what the place of all others is given up for, and an emergency, which full load makes, lets them through too.
 */
final class Shedder {

    private static final long RETRY_NANOS = LoadWatch.DWELL.toNanos();

    private final List<Double> criticalities;
    private final Map<String, Integer> groups = new LinkedHashMap<>();
    private final Map<String, AtomicLong> accounts = new LinkedHashMap<>();

    Shedder(Collection<CoordinatedService> services) {
        List<CoordinatedService> shed =
                services.stream().filter(service -> !service.spared()).toList();
        criticalities = shed.stream()
                .map(CoordinatedService::criticality)
                .distinct()
                .sorted()
                .toList();
        shed.forEach(service -> {
            groups.put(service.name(), criticalities.indexOf(service.criticality()));
            accounts.put(service.name(), new AtomicLong());
        });
    }

    /**
     * What becomes of a share of the calls of one service, spread evenly over them.
     *
     * @param account each call adds the share to it, and one that fills a whole is refused; it outlives the share, or each
     *     change of it would let another call through
     */
    record Shed(AtomicLong account, long share, Rejection refusal) {

        private static final int WHOLE_BITS = 24;
        private static final long WHOLE = 1L << WHOLE_BITS;

        /** Whether the next call is one of those. */
        boolean refusesNext() {
            long before = account.getAndAdd(share);
            return before >>> WHOLE_BITS != (before + share) >>> WHOLE_BITS;
        }
    }

    /** What the load means to the calls of a service, or null if nothing. */
    @Nullable
    Shed of(String service, LoadReading load) {
        AtomicLong account = accounts.get(service);
        double share = share(service, load);
        if (account == null || share == 0) {
            return null;
        }
        long ofWhole = (long) Math.ceil(share * Shed.WHOLE); // so that one in five is not one in six
        return new Shed(
                account,
                ofWhole,
                new Rejection(
                        RejectionReason.SYSTEM_EXHAUSTED,
                        RejectionScope.SYSTEM,
                        RETRY_NANOS,
                        load.reason() + " (resource-exhaustion-threshold)"));
    }

    private double share(String service, LoadReading load) {
        int group = groups.getOrDefault(service, criticalities.size());
        double ofAll = group < criticalities.size() - 1 ? load.share() : load.ofHeap();
        return Math.max(0, Math.min(1, ofAll * criticalities.size() - group));
    }

    /** How many calls have been refused so far. */
    long callsShed() {
        return accounts.values().stream()
                .mapToLong(account -> account.get() >>> Shed.WHOLE_BITS)
                .sum();
    }
}
