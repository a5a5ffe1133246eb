package io.servicebreaker.benchmarks.stress;

import io.servicebreaker.adaptive.CallHistory;
import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.HistoryWriter;
import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.event.Events;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two calls end while the minute is closed that both may belong to, or one, or neither. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Each is in one minute")
@Outcome(expect = Expect.FORBIDDEN, desc = "A call was lost or counted twice")
@State
public class MinuteCloseStress {
    private static final Events UNHEARD = new Events();

    private final SteppingTime time = new SteppingTime();
    private final Counting store = new Counting();
    private final CallHistory history = new CallHistory(
            new Breakers(Map.of(Guarded.SERVICE, BreakerSettings.defaults()), time, UNHEARD, 1).all(),
            service -> List.of(),
            time,
            new InternalFaults(time));
    private final CallListener calls = history.listenerFor(Guarded.SERVICE);
    private final HistoryWriter writer = new HistoryWriter(history, store);

    @Actor
    public void call() {
        calls.finished(Guarded.REQUEST, io.servicebreaker.call.Outcome.SUCCESS, 1);
        calls.finished(Guarded.REQUEST, io.servicebreaker.call.Outcome.SUCCESS, 1);
    }

    @Actor
    public void close() {
        writer.write();
    }

    @Arbiter
    public void count(I_Result result) {
        writer.write();
        result.r1 = (int) store.succeeded.get();
    }

    /** Lighter than one that keeps anything. */
    private static final class Counting implements HistoryStore {

        private final AtomicLong succeeded = new AtomicLong();

        @Override
        public void append(List<CallMinute> minutes) {
            minutes.forEach(minute -> succeeded.addAndGet(minute.succeeded()));
        }

        @Override
        public void read(String service, Instant since, Consumer<CallMinute> reader) {}

        @Override
        public void readHours(String service, Instant since, Consumer<CallMinute> reader) {}
    }
}
