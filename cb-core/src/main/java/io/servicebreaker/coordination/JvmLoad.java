package io.servicebreaker.coordination;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * The load of this virtual machine, as its management beans say.
 *
 * <p>Of the heap, the pools count that survivors of many collections end up in, each as it was after its last collection;
 * pools that no collector vouches for do not. Used heap between two collections says only how long ago the last one was.
 *
 * <p>Of the processors, the time counts that this process uses of those that it may use, which in a container are those
 * of the container. Calls that are not made relieve this process and not its neighbours.
 */
public final class JvmLoad implements LocalLoad {

    private static final double UNKNOWN = Double.NaN;

    private final List<MemoryPoolMXBean> pools;
    private final List<GarbageCollectorMXBean> collectors;
    private final DoubleSupplier processCpu;

    /** Finds the beans, of which any may be missing. */
    public JvmLoad() {
        pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(JvmLoad::keepsSurvivors)
                .toList();
        Set<String> names = new HashSet<>();
        pools.forEach(pool -> names.addAll(List.of(pool.getMemoryManagerNames())));
        collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> names.contains(collector.getName()))
                .toList();
        processCpu = processCpu();
    }

    /** Its class comes with a module of its own, which a runtime image can be without. */
    private static DoubleSupplier processCpu() {
        try {
            if (ManagementFactory.getOperatingSystemMXBean()
                    instanceof com.sun.management.OperatingSystemMXBean system) {
                return system::getProcessCpuLoad;
            }
        } catch (LinkageError e) {
            return () -> UNKNOWN;
        }
        return () -> UNKNOWN;
    }

    /** Where objects are born has no threshold for its usage: it is full before each collection, and empty afterwards. */
    private static boolean keepsSurvivors(MemoryPoolMXBean pool) {
        return pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported();
    }

    @Override
    public double heap() {
        double fullest = UNKNOWN;
        for (MemoryPoolMXBean pool : pools) {
            double share = share(pool);
            fullest = Double.isNaN(share) || fullest >= share ? fullest : share;
        }
        return fullest;
    }

    /** What is used now bounds what was left by a collection long ago: some collectors free more than they report. */
    private static double share(MemoryPoolMXBean pool) {
        MemoryUsage after = pool.getCollectionUsage();
        MemoryUsage now = pool.getUsage();
        if (after == null || now == null || now.getMax() <= 0) {
            return UNKNOWN;
        }
        return Math.min(after.getUsed(), now.getUsed()) / (double) now.getMax();
    }

    @Override
    public long collections() {
        return collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    @Override
    public double cpu() {
        return processCpu.getAsDouble();
    }
}
