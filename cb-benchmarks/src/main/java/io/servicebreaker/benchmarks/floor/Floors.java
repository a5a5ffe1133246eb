package io.servicebreaker.benchmarks.floor;

import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the floors share between threads. */
@State(Scope.Benchmark)
public class Floors {
    public final LongAdder counter = new LongAdder();
    public final FloorWindow window = new FloorWindow();
    public final CoarseClock clock = new CoarseClock();
    public volatile boolean open;

    @TearDown
    public void stopClock() {
        clock.close();
    }
}
