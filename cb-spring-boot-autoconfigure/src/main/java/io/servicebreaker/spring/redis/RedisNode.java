package io.servicebreaker.spring.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What one server of a Redis says of itself. Immutable.
 *
 * @param evicted keys that had to go for want of memory, since it started or its statistics were reset
 * @param reads keys that were looked up since then, found or not
 * @param memory share of the memory that is used, if writes fail when there is none left; else null
 */
record RedisNode(long evicted, long reads, @Nullable Double memory) {

    private static final String EVICTED = "evicted_keys";

    /**
     * The servers by the prefix of their keys: a single one has none, those of a cluster their address.
     *
     * @param info the sections {@code stats} and {@code memory} of INFO
     * @throws IllegalStateException if it does not tell of evictions and reads
     */
    static Map<String, RedisNode> of(Properties info) {
        Map<String, RedisNode> nodes = new HashMap<>();
        for (String key : info.stringPropertyNames()) {
            if (key.equals(EVICTED) || key.endsWith("." + EVICTED)) {
                String prefix = key.substring(0, key.length() - EVICTED.length());
                nodes.put(prefix, of(info, prefix));
            }
        }
        if (nodes.isEmpty()) {
            throw new IllegalStateException("INFO of Redis has no " + EVICTED);
        }
        return nodes;
    }

    private static RedisNode of(Properties info, String prefix) {
        long reads = number(info, prefix, "keyspace_hits") + number(info, prefix, "keyspace_misses");
        return new RedisNode(number(info, prefix, EVICTED), reads, memory(info, prefix));
    }

    private static @Nullable Double memory(Properties info, String prefix) {
        if (!"noeviction".equals(info.getProperty(prefix + "maxmemory_policy"))) {
            return null; // where keys are evicted, full is how it should be
        }
        long limit = number(info, prefix, "maxmemory");
        return limit == 0 ? null : (double) number(info, prefix, "used_memory") / limit;
    }

    private static long number(Properties info, String prefix, String name) {
        String text = info.getProperty(prefix + name);
        if (text == null) {
            throw new IllegalStateException("INFO of Redis has no " + name);
        }
        return Long.parseLong(text.trim());
    }

    /** Whether it went on counting where the other left off. */
    boolean follows(RedisNode earlier) {
        return evicted >= earlier.evicted && reads >= earlier.reads;
    }
}
