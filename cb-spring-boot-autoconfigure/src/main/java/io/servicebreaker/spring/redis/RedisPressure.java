package io.servicebreaker.spring.redis;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.HealthSignals;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Reads how much a Redis lacks memory, and tells the health signals of the services that are stored there. To be run from
 * time to time by one thread at a time, away from calls.
 *
 * <p>{@code evictions} is how many keys had to go for each that was looked up; it is told once enough of either has
 * happened since the last time. {@code memory} is the used share of the memory where nothing is evicted, of the fullest
 * server. What cannot be read says nothing, and is recorded as a fault once until it can be read again.
 */
final class RedisPressure implements Runnable {

    static final String EVICTIONS = "evictions";
    static final String MEMORY = "memory";

    /** As many as the hit rate needs. */
    private static final int ENOUGH = 50;

    private final RedisConnectionFactory redis;
    private final List<HealthSignals> told;
    private final InternalFaults faults;
    private volatile Seen seen = new Seen(Map.of(), 0, 0);
    private volatile boolean failing;

    RedisPressure(RedisConnectionFactory redis, List<HealthSignals> told, InternalFaults faults) {
        this.redis = redis;
        this.told = List.copyOf(told);
        this.faults = faults;
    }

    /** Whether nobody wants to know. */
    boolean isIdle() {
        return told.isEmpty();
    }

    @Override
    public void run() {
        try {
            Map<String, RedisNode> nodes = RedisNode.of(info());
            tellEvictions(seen.then(nodes));
            tellMemory(nodes.values());
            failing = false;
        } catch (RuntimeException | Error e) {
            boolean isFirst = !failing && !Thread.currentThread().isInterrupted(); // interrupted: we are being stopped
            if (isFirst) {
                failing = true;
                faults.record("reader of the pressure on Redis", e);
            }
        }
    }

    private Properties info() {
        Properties info = new Properties();
        try (RedisConnection connection = redis.getConnection()) {
            info.putAll(Objects.requireNonNull(connection.serverCommands().info("stats")));
            info.putAll(Objects.requireNonNull(connection.serverCommands().info("memory")));
        }
        return info;
    }

    private void tellEvictions(Seen now) {
        boolean enough = now.evicted + now.reads >= ENOUGH;
        seen = enough ? new Seen(now.nodes, 0, 0) : now;
        if (enough) {
            tell(EVICTIONS, (double) now.evicted / Math.max(1, now.reads));
        }
    }

    private void tellMemory(Collection<RedisNode> nodes) {
        nodes.stream()
                .map(RedisNode::memory)
                .filter(Objects::nonNull)
                .max(Double::compare)
                .ifPresent(share -> tell(MEMORY, share));
    }

    private void tell(String signal, double value) {
        told.forEach(signals -> signals.observe(signal, value));
    }

    /**
     * What was read last, and what has happened since evictions were last told.
     *
     * @param evicted keys
     * @param reads of keys, found or not
     */
    private record Seen(Map<String, RedisNode> nodes, long evicted, long reads) {

        /** A server that is new, or that began to count anew, says nothing yet. */
        Seen then(Map<String, RedisNode> later) {
            long evictedSince = evicted;
            long readsSince = reads;
            for (Map.Entry<String, RedisNode> entry : later.entrySet()) {
                RedisNode before = nodes.get(entry.getKey());
                RedisNode after = entry.getValue();
                if (before != null && after.follows(before)) {
                    evictedSince += after.evicted() - before.evicted();
                    readsSince += after.reads() - before.reads();
                }
            }
            return new Seen(later, evictedSince, readsSince);
        }
    }
}
