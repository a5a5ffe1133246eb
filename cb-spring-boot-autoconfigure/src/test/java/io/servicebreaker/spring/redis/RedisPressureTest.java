package io.servicebreaker.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.provider.HealthSignals;
import io.servicebreaker.provider.SignalReading;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import redis.embedded.RedisServer;

/** What a real Redis that lacks memory does to the health of a cache. */
class RedisPressureTest {

    private static final String ENTRY = "x".repeat(4000);
    private static final long ROOM = 1_000_000;

    private Duration timeout = Duration.ofSeconds(30);
    private int port;
    private RedisServer server;
    private RedisClient client;

    @BeforeEach
    void prepare() throws IOException {
        port = freePort();
        server = new RedisServer(port);
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
    }

    @AfterEach
    void stop() throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.stop();
    }

    @Test
    void aCacheThatEvictsMoreThanItIsAskedIsUnwell() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "allkeys-lru");

        run(world -> {
            world.read();
            fill(admin, 1000);
            ask(admin, 100);
            // a full Redis evicts at any time, for what its connections need
            double before = number(admin, "evicted_keys") / 100.0;
            world.read();
            double after = number(admin, "evicted_keys") / 100.0;

            double value = world.reading("evictions").value();
            assertThat(value).isBetween(before, after).isGreaterThan(0.5);
            assertThat(world.reading("evictions").tripped()).isTrue();
            assertThat(world.signals().health()).isEqualTo(0.5 + 0.5 * 0.5 / value, within(1e-9));
        });
    }

    @Test
    void aCacheThatEvictsNoMoreIsWellAgain() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "allkeys-lru");

        run(world -> {
            world.read();
            fill(admin, 1000);
            admin.flushall(); // a full Redis evicts at any time, for what its connections need
            world.read();
            assertThat(world.reading("evictions").tripped()).isTrue();

            ask(admin, 50);
            world.read();

            assertThat(world.value("evictions")).isZero();
            assertThat(world.signals().health()).isEqualTo(1);
        });
    }

    @Test
    void saysNothingOfEvictionsUntilEnoughHasHappened() {
        start();
        RedisCommands<String, String> admin = admin();

        run(world -> {
            world.read();
            ask(admin, 30);
            world.read();
            Double early = world.value("evictions");
            ask(admin, 20);
            world.read();

            assertThat(early).isNull();
            assertThat(world.value("evictions")).isZero();
        });
    }

    @Test
    void whatHappenedBeforeTheFirstReadingSaysNothing() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "allkeys-lru");
        fill(admin, 1000);

        run(world -> {
            world.read();
            world.read();

            assertThat(world.value("evictions")).isNull();
        });
    }

    @Test
    void countersThatBeginAnewAreNoEvictions() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "allkeys-lru");
        fill(admin, 1000);

        run(world -> {
            world.read();
            admin.configResetstat();
            ask(admin, 40);
            world.read();
            Double reset = world.value("evictions");
            ask(admin, 50);
            world.read();

            assertThat(reset).isNull();
            assertThat(world.value("evictions")).isZero();
            assertThat(world.faults()).isZero();
        });
    }

    @Test
    void aCacheThatEvictsNothingIsUnwellWhenItsMemoryIsNearlyFull() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "noeviction");

        run(world -> {
            world.read();
            Double roomy = world.value("memory");
            fill(admin, 220);
            world.read();
            SignalReading full = world.reading("memory");
            admin.flushall();
            world.read();

            assertThat(roomy).isBetween(0.2, 0.8);
            assertThat(full.value()).isBetween(0.9, 1.1);
            assertThat(full.tripped()).isTrue();
            assertThat(full.health()).isLessThan(1);
            assertThat(world.value("memory")).isBetween(0.2, 0.8);
            assertThat(world.reading("memory").tripped()).isFalse();
        });
    }

    @Test
    void aFullMemoryIsAsItShouldBeWhereKeysAreEvicted() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "allkeys-lru");

        run(world -> {
            fill(admin, 1000);
            world.read();

            assertThat(world.value("memory")).isNull();
        });
    }

    @Test
    void memoryWithoutALimitSaysNothing() {
        start();
        RedisCommands<String, String> admin = admin();

        run(world -> {
            fill(admin, 1000);
            world.read();

            assertThat(number(admin, "maxmemory")).isZero();
            assertThat(world.value("memory")).isNull();
            assertThat(world.faults()).isZero();
        });
    }

    @Test
    void aRedisThatIsDownIsOneFaultUntilItIsBack() {
        timeout = Duration.ofMillis(500);

        run(world -> {
            world.read();
            world.read();
            long down = world.faults();
            start();
            RedisCommands<String, String> admin = admin();
            Awaitility.await().until(() -> toldOfEvictions(world, admin)); // the first connection takes its time
            long back = world.faults();
            halt();
            world.read();
            world.read();

            assertThat(down).isEqualTo(1);
            assertThat(back).isEqualTo(1);
            assertThat(world.faults()).isEqualTo(2);
        });
    }

    @Test
    void aRedisThatMayNotBeAskedIsOneFaultAndSaysNothing() {
        start();
        RedisCommands<String, String> admin = admin();
        admin.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));

        run(world -> {
            world.read();
            world.read();
            world.read();

            assertThat(world.faults()).isEqualTo(1);
            assertThat(world.signals().readings())
                    .allSatisfy(reading -> assertThat(reading.health()).isEqualTo(1));
            assertThat(world.value("evictions")).isNull();
        });
    }

    @Test
    void aProfileMaySayHowMuchIsWell() {
        start();
        RedisCommands<String, String> admin = admin();
        limit(admin, "allkeys-lru");

        runner().withPropertyValues(
                        "service-breaker.profiles.cache.signals[0].name=evictions",
                        "service-breaker.profiles.cache.signals[0].at-most=1000")
                .run(context -> {
                    World world = new World(context);
                    world.read();
                    fill(admin, 1000);
                    ask(admin, 100);
                    world.read();

                    assertThat(world.value("evictions")).isGreaterThan(0.5);
                    assertThat(world.reading("evictions").threshold()).isEqualTo(1000);
                    assertThat(world.reading("evictions").tripped()).isFalse();
                });
    }

    private static boolean toldOfEvictions(World world, RedisCommands<String, String> admin) {
        world.read();
        ask(admin, 50);
        return world.value("evictions") != null;
    }

    private void run(Consumer<World> test) {
        runner().run(context -> test.accept(new World(context)));
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataRedisAutoConfiguration.class,
                        ServiceBreakerAutoConfiguration.class,
                        RedisPressureAutoConfiguration.class))
                .withBean(FakeTime.class)
                .withPropertyValues(
                        "spring.data.redis.port=" + port,
                        "spring.data.redis.timeout=" + timeout,
                        "service-breaker.services.cache=");
    }

    private void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void halt() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisCommands<String, String> admin() {
        return client.connect().sync();
    }

    /** A memory with room for a few entries besides what Redis itself needs. */
    private static void limit(RedisCommands<String, String> admin, String policy) {
        admin.configSet("maxmemory-policy", policy);
        admin.configSet("maxmemory", Long.toString(number(admin, "used_memory") + ROOM));
    }

    /** As many entries as there is room for, and where keys are evicted the rest as well. */
    private static void fill(RedisCommands<String, String> admin, int entries) {
        for (int i = 0; i < entries; i++) {
            admin.set("entry " + i, ENTRY);
        }
    }

    private static void ask(RedisCommands<String, String> admin, int times) {
        for (int i = 0; i < times; i++) {
            admin.get("question " + i);
        }
    }

    private static long number(RedisCommands<String, String> admin, String name) {
        return admin.info()
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).trim()))
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Its reader reads when it is told to, and not by itself. */
    private static final class World {

        private final ApplicationContext context;

        World(ApplicationContext context) {
            this.context = context;
            context.getBean(PressureTimer.class).stop();
        }

        void read() {
            context.getBean(RedisPressure.class).run();
        }

        HealthSignals signals() {
            return context.getBean(ServiceSignals.class).of("cache");
        }

        SignalReading reading(String signal) {
            return signals().readings().stream()
                    .filter(reading -> reading.name().equals(signal))
                    .findFirst()
                    .orElseThrow();
        }

        @Nullable
        Double value(String signal) {
            return reading(signal).value();
        }

        long faults() {
            return context.getBean(InternalFaults.class).count();
        }
    }
}
