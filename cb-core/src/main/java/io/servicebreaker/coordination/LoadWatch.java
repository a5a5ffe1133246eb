package io.servicebreaker.coordination;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Watches the load of this application and says how many calls to refuse for it. Safe for use by many threads.
 *
 * <p>Nothing is refused up to the threshold, and from there on a share that grows to all at full load. The share rises
 * with the load at once and falls over {@link #DWELL}, so that calls which were refused do not all come back together. It
 * rises with each reading and so never falls with a higher load.
 *
 * <ul>
 *   <li>The processors are busy in bursts, when an application starts above all: their load is an average over half a
 *       minute or so, from nothing. Calls to providers are mostly waiting, so refusing them relieves the processors
 *       little: it is done only in favour of calls that matter more.
 *   <li>The heap is known at collections. A full heap is collected all the time. If it has not been for
 *       {@link #COLLECTED_WITHIN}, nobody asks for memory, and the last figure is no load any more; it might never change
 *       again while calls are refused for it.
 *   <li>Only the heap is a cause for an emergency, once it is more than half way from the threshold to full for
 *       {@link #DWELL}: a busy processor makes all slower, which refusing some calls mends; a full heap ends the process.
 * </ul>
 */
public final class LoadWatch {

    /** Over which the share falls from all to none, and for which it has to be none before it is over. */
    static final Duration DWELL = Duration.ofSeconds(10);

    /** After which a heap that nothing was collected from is short of nothing. */
    static final Duration COLLECTED_WITHIN = Duration.ofMinutes(1);

    /** How far below the threshold the load has to be for shedding to be over. */
    static final double HYSTERESIS = 0.05;

    private static final double EXHAUSTED = 0.5;
    private static final double ARITHMETIC_REST = 1e-9;
    private static final double CPU_MEMORY_NANOS = Duration.ofSeconds(15).toNanos();

    /** However long ago the last look was: one reading says nothing about all the time since. */
    private static final long LONGEST_STEP_NANOS = DWELL.toNanos();

    private static final long LONGEST_CPU_STEP_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long NEVER = Long.MIN_VALUE;

    private final LocalLoad load;
    private final double threshold;
    private final boolean ranked;
    private final long timeoutNanos;
    private final TimeSource time;

    private double busy;
    private long collections;
    private long collectedNanos;
    private long heldNanos;
    private long exhaustedNanos = NEVER;

    private volatile Look last;

    /** What was seen, and whether that is a cause for an emergency. */
    private record Look(LoadReading reading, @Nullable String exhaustion, long atNanos) {}

    /**
     * Creates a watch that has seen nothing bad.
     *
     * @param settings of which it uses the threshold, and the age from which what it has seen is not trusted any more
     * @param ranked whether some services matter more than others
     */
    public LoadWatch(LocalLoad load, CoordinationSettings settings, boolean ranked, TimeSource time) {
        this.ranked = ranked;
        this.load = load;
        this.threshold = settings.exhaustionThreshold();
        this.timeoutNanos = settings.timeout().toNanos();
        this.time = time;
        this.last = new Look(LoadReading.CALM, null, time.nanos());
        this.collectedNanos = last.atNanos;
    }

    /** Reads the load. To be called now and then, not on the way of a call. */
    public void look() {
        double heap = known(load.heap());
        double cpu = known(load.cpu());
        long count = load.collections();
        look(heap, cpu, count, time.nanos());
    }

    private static double known(double share) {
        return share >= 0 ? Math.min(share, 1) : Double.NaN;
    }

    private synchronized void look(double heap, double cpu, long count, long now) {
        long step = Math.max(0, Math.min(LONGEST_STEP_NANOS, now - last.atNanos));
        double used = isInDemand(count, now) && heap > 0 ? heap : 0;
        busy = busyAfter(step, cpu > 0 ? cpu : 0);
        double ofHeap = excess(used);
        double ofCpu = ranked ? excess(busy) : 0;
        double wanted = Math.max(ofHeap, ofCpu);
        LoadReading before = last.reading;
        double share = Math.max(wanted, fallen(before.share(), step));
        double shareOfHeap = Math.max(ofHeap, fallen(before.ofHeap(), step));
        boolean shedding = share > 0 || holds(before.shedding(), ranked ? Math.max(used, busy) : used, now);
        heldNanos = share > 0 ? now : heldNanos;
        String reason = wanted > 0 ? reason(ofHeap >= ofCpu, heap) : before.reason();
        LoadReading reading = new LoadReading(
                heap, Double.isNaN(cpu) ? cpu : busy, share, shareOfHeap, shedding, shedding ? reason : "");
        last = new Look(reading, exhaustion(ofHeap, heap, now), now);
    }

    private static double fallen(double share, long step) {
        double left = share - step / (double) DWELL.toNanos();
        return left < ARITHMETIC_REST ? 0 : left;
    }

    private boolean isInDemand(long count, long now) {
        if (count != collections) {
            collections = count;
            collectedNanos = now;
        }
        return now - collectedNanos <= COLLECTED_WITHIN.toNanos();
    }

    private double busyAfter(long step, double cpu) {
        long weight = Math.min(step, LONGEST_CPU_STEP_NANOS);
        return busy + (cpu - busy) * -Math.expm1(-weight / CPU_MEMORY_NANOS);
    }

    /** How far it is on the way from the threshold to full, 0 to 1. */
    private double excess(double load) {
        return load > threshold ? (load - threshold) / (1 - threshold) : 0;
    }

    private boolean holds(boolean before, double most, long now) {
        if (before && most >= threshold - HYSTERESIS) {
            heldNanos = now;
        }
        return before && now - heldNanos < DWELL.toNanos();
    }

    private String reason(boolean ofHeap, double heap) {
        return ofHeap ? fullHeap(heap) : "the processors are " + percent(busy) + " busy";
    }

    private static String fullHeap(double heap) {
        return "heap is " + percent(heap) + " full after collection";
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    private @Nullable String exhaustion(double ofHeap, double heap, long now) {
        if (ofHeap < EXHAUSTED) {
            exhaustedNanos = NEVER;
            return null;
        }
        if (exhaustedNanos == NEVER) {
            exhaustedNanos = now;
        }
        return now - exhaustedNanos >= DWELL.toNanos() ? fullHeap(heap) : null;
    }

    /** What was seen last, or {@link LoadReading#CALM} if that is too long ago. */
    public LoadReading reading() {
        return isOld() ? LoadReading.CALM : last.reading;
    }

    /** What this application has run out of for a while, or null if nothing. */
    public @Nullable String exhaustion() {
        return isOld() ? null : last.exhaustion;
    }

    private boolean isOld() {
        return time.nanos() - last.atNanos > timeoutNanos;
    }
}
