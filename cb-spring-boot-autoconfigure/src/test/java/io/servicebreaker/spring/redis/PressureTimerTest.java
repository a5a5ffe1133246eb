package io.servicebreaker.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.embedded.RedisServer;

/** When the memory of a Redis is read, and that nothing of it stays behind. */
class PressureTimerTest {

    private final Set<Thread> before = threads();
    private RedisServer server;
    private RedisClient client;
    private RedisCommands<String, String> admin;
    private ApplicationContextRunner runner;
    private long asked;

    @BeforeEach
    void prepare() throws IOException {
        int port = freePort();
        server = new RedisServer(port);
        server.start();
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
        admin = client.connect().sync();
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataRedisAutoConfiguration.class,
                        ServiceBreakerAutoConfiguration.class,
                        RedisPressureAutoConfiguration.class))
                .withBean(FakeTime.class)
                .withPropertyValues("spring.data.redis.port=" + port);
    }

    @AfterEach
    void stop() throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.stop();
    }

    @Test
    void readsAgainAndAgainAndAlsoAfterARestart() {
        runner.withPropertyValues("service-breaker.services.cache=").run(context -> {
            PressureTimer timer = new PressureTimer(context.getBean(RedisPressure.class), Duration.ofMillis(1));

            timer.start();
            awaitReadings(6);
            timer.stop();
            admin.configResetstat();
            timer.start();
            awaitReadings(6);
            timer.stop();

            assertThat(timer.isRunning()).isFalse();
            assertThat(context.getBean(InternalFaults.class).count()).isZero();
        });
    }

    @Test
    void itsThreadIsADaemonAndEndsWithTheContext() {
        runner.withPropertyValues("service-breaker.services.cache=").run(context -> {
            assertThat(context.getBean(PressureTimer.class).isRunning()).isTrue();
            assertThat(started()).singleElement().matches(Thread::isDaemon);
        });

        Awaitility.await().until(() -> started().isEmpty());
    }

    @Test
    void aRedisThatHangsDoesNotKeepTheContextFromEnding() {
        runner.withPropertyValues("service-breaker.services.cache=").run(context -> {
            PressureTimer timer = new PressureTimer(context.getBean(RedisPressure.class), Duration.ofMillis(1));
            timer.start();
            awaitReadings(2);
            admin.clientPause(60_000);
            Awaitility.await().until(() -> started().stream().anyMatch(PressureTimerTest::waitsForRedis));

            timer.stop();

            Awaitility.await().until(() -> started().size() == 1); // that of the context
            assertThat(context.getBean(InternalFaults.class).count()).isZero();
        });
    }

    @Test
    void nobodyReadsForServicesThatAreNoCaches() {
        runner.withPropertyValues(
                        "service-breaker.profiles.search.signals[0].name=memory",
                        "service-breaker.profiles.search.signals[0].at-most=0.5",
                        "service-breaker.services.search=",
                        "service-breaker.services.openai=")
                .run(context -> {
                    assertThat(context.getBean(PressureTimer.class).isRunning()).isFalse();
                    assertThat(started()).isEmpty();
                });
    }

    @Test
    void readsForAProfileThatIsLikeACache() {
        runner.withPropertyValues("service-breaker.profiles.answers.like=cache", "service-breaker.services.answers=")
                .run(context -> assertThat(context.getBean(PressureTimer.class).isRunning())
                        .isTrue());
    }

    @Test
    void doesNotGuessWhichOfTwoIsMeant() {
        runner.withPropertyValues("service-breaker.services.cache=")
                .withBean("one", RedisConnectionFactory.class, LettuceConnectionFactory::new)
                .withBean("other", RedisConnectionFactory.class, LettuceConnectionFactory::new)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisPressure.class));
    }

    @Test
    void needsNoRedis() {
        runner.withPropertyValues("service-breaker.services.cache=")
                .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisPressure.class));
    }

    @Test
    void backsOffWhenDisabled() {
        runner.withPropertyValues("service-breaker.services.cache=", "service-breaker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisPressure.class));
    }

    private void awaitReadings(int commands) {
        Awaitility.await().until(() -> readings() >= commands);
    }

    /** How often Redis was asked, besides by this. */
    private long readings() {
        return admin.info("commandstats")
                        .lines()
                        .filter(line -> line.startsWith("cmdstat_info:calls="))
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
                        .sum()
                - ++asked;
    }

    private static boolean waitsForRedis(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(RedisPressure.class.getName())) {
                return thread.getState() == Thread.State.TIMED_WAITING;
            }
        }
        return false;
    }

    private Set<Thread> started() {
        Set<Thread> started = new HashSet<>(threads());
        started.removeAll(before);
        return started;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(PressureTimer.THREAD))
                .collect(Collectors.toSet());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
