package io.servicebreaker.coordination;

import org.jspecify.annotations.Nullable;

/** A load that only changes when a test changes it. Safe for use by many threads. */
public final class HandMovedLoad implements LocalLoad {

    public volatile double cpu;
    private volatile double heap;
    private volatile long collections;

    /** What a system is told that has such a watch. */
    static Vitals vitals(LoadWatch watch) {
        return new Vitals() {
            @Override
            public LoadReading load() {
                return watch.reading();
            }

            @Override
            public @Nullable String exhaustion() {
                return watch.exhaustion();
            }
        };
    }

    /** A collection has left so much of the heap in use. */
    public void collectedTo(double share) {
        heap = share;
        collections++;
    }

    @Override
    public double heap() {
        return heap;
    }

    @Override
    public long collections() {
        return collections;
    }

    @Override
    public double cpu() {
        return cpu;
    }
}
