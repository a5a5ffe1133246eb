package io.servicebreaker.spring.cache;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.time.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Logs the first failure of each minute of one cache, since callers do not see any. Types alone: the words of a storage
 * may contain keys. Safe for use by many threads.
 */
final class StorageFailures {

    private static final Logger log = LoggerFactory.getLogger(GuardedCache.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String cache;
    private final TimeSource time;
    private final InternalFaults faults;
    private final AtomicLong quietUntil;

    StorageFailures(String cache, TimeSource time, InternalFaults faults) {
        this.cache = cache;
        this.time = time;
        this.faults = faults;
        this.quietUntil = new AtomicLong(time.nanos());
    }

    void failed(String operation, Throwable error) {
        try {
            if (mayLog()) {
                log.warn(
                        "The storage of cache '{}' failed to {}, which callers do not see: {} ({})",
                        cache,
                        operation,
                        error.getClass().getName(),
                        NestedExceptionUtils.getMostSpecificCause(error)
                                .getClass()
                                .getName());
            }
        } catch (RuntimeException | Error e) {
            faults.record("log of cache failures", e);
        }
    }

    private boolean mayLog() {
        long now = time.nanos();
        long until = quietUntil.get();
        return now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS);
    }
}
