package io.servicebreaker.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.embedded.RedisShardedCluster;

class RedisNodeTest {

    /** The servers of a cluster talk to each other on a port that is higher by 10,000. */
    private static final int HIGHEST_PORT = 55_000;

    @Test
    void tellsTheServersOfARealClusterApart() throws IOException {
        RedisShardedCluster cluster = RedisShardedCluster.newRedisCluster()
                .serverPorts(freePorts(3))
                .initializationTimeout(Duration.ofMinutes(1))
                .shard("one", 0)
                .shard("two", 0)
                .shard("three", 0)
                .build();
        cluster.start();
        try {
            Map<String, RedisNode> nodes = RedisNode.of(info(cluster));

            assertThat(nodes.keySet())
                    .isEqualTo(cluster.ports().stream()
                            .map(port -> "127.0.0.1:" + port + ".")
                            .collect(Collectors.toSet()));
            assertThat(nodes.values())
                    .allSatisfy(node -> assertThat(node.evicted()).isZero());
        } finally {
            cluster.stop();
        }
    }

    @Test
    void addsFoundAndMissedUp() {
        Properties info = info();

        RedisNode node = RedisNode.of(info).get("");

        assertThat(node).isEqualTo(new RedisNode(7, 5, 0.25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-ttl"})
    void aFullMemorySaysNothingWhereKeysAreEvicted(String policy) {
        Properties info = info();
        info.setProperty("maxmemory_policy", policy);

        RedisNode node = RedisNode.of(info).get("");

        assertThat(node).isEqualTo(new RedisNode(7, 5, null));
    }

    @Test
    void memoryThatIsNotToldOfSaysNothing() {
        Properties info = info();
        info.remove("maxmemory_policy");
        info.remove("maxmemory");

        RedisNode node = RedisNode.of(info).get("");

        assertThat(node).isEqualTo(new RedisNode(7, 5, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evicted_keys", "keyspace_hits", "keyspace_misses"})
    void saysWhatRedisDoesNotTell(String name) {
        Properties info = info();
        info.remove(name);

        assertThatIllegalStateException().isThrownBy(() -> RedisNode.of(info)).withMessageContaining(name);
    }

    private static Properties info() {
        Properties info = new Properties();
        info.setProperty("evicted_keys", "7");
        info.setProperty("keyspace_hits", "2");
        info.setProperty("keyspace_misses", "3");
        info.setProperty("used_memory", "100");
        info.setProperty("maxmemory", "400");
        info.setProperty("maxmemory_policy", "noeviction");
        return info;
    }

    private static Properties info(RedisShardedCluster cluster) {
        RedisClusterConfiguration nodes = new RedisClusterConfiguration();
        cluster.ports().forEach(port -> nodes.clusterNode("127.0.0.1", port));
        LettuceConnectionFactory factory = new LettuceConnectionFactory(nodes);
        factory.start();
        Properties info = new Properties();
        try (RedisConnection connection = factory.getConnection()) {
            info.putAll(connection.serverCommands().info("stats"));
            info.putAll(connection.serverCommands().info("memory"));
        } finally {
            factory.destroy();
        }
        return info;
    }

    private static Set<Integer> freePorts(int count) throws IOException {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < count) {
            try (ServerSocket socket = new ServerSocket(0)) {
                if (socket.getLocalPort() <= HIGHEST_PORT) {
                    ports.add(socket.getLocalPort());
                }
            }
        }
        return ports;
    }
}
