package io.servicebreaker.adaptive;

import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * A store that is not read for a minute after it was slow to fail, as one does that is down: whoever reads of many services would
 * wait for each of them. One that fails at once, as with a row that cannot be read, is asked for the others.
 */
final class SparedHistoryStore implements HistoryStore {

    static final Duration SLOW = Duration.ofSeconds(1);
    static final Duration REST = Duration.ofMinutes(1);

    private final HistoryStore store;
    private final TimeSource time;
    private volatile long restsUntil;

    SparedHistoryStore(HistoryStore store, TimeSource time) {
        this.store = store;
        this.time = time;
        this.restsUntil = time.nanos();
    }

    @Override
    public void append(List<CallMinute> minutes) {
        store.append(minutes);
    }

    @Override
    public void read(String service, Instant since, Consumer<CallMinute> reader) {
        read(() -> store.read(service, since, reader));
    }

    @Override
    public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
        read(() -> store.readHours(service, since, reader));
    }

    private void read(Runnable reading) {
        long begun = time.nanos();
        if (begun < restsUntil) {
            throw new IllegalStateException("the history was slow to fail, and is not read for a minute");
        }
        try {
            reading.run();
        } catch (RuntimeException | Error e) {
            long now = time.nanos();
            if (now - begun >= SLOW.toNanos()) {
                restsUntil = now + REST.toNanos();
            }
            throw e;
        }
    }
}
