package io.servicebreaker.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.ServiceSignals;
import io.servicebreaker.spring.aop.AnnotationAutoConfiguration;
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
import org.springframework.cache.Cache;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.cache.RedisCacheWriter.RedisCacheWriterConfigurer;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;
import redis.embedded.RedisServer;

/** What a real Redis does to those who use it, and how they come back to it. */
class RedisTest {

    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private int port;
    private RedisServer server;
    private RedisClient client;

    @BeforeEach
    void prepare() throws IOException {
        port = freePort();
        server = new RedisServer(port);
        client = RedisClient.create("redis://127.0.0.1:" + port);
    }

    @AfterEach
    void stop() throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.stop();
    }

    @Test
    void feedsHitsAndMisses() throws IOException {
        server.start();

        run(context -> {
            Answers answers = context.getBean(Answers.class);
            answers.keep("why", "because");

            assertThat(answers.answer("why")).isEqualTo("because");
            assertThat(answers.answer("how")).isNull();
            assertThat(value(context, "hits")).isEqualTo(0.5);
        });
    }

    @Test
    void opensWhenNobodyListensAndRecoversWhenSomebodyDoes() {
        run(context -> {
            Answers answers = context.getBean(Answers.class);

            fail(answers, 6);
            BreakerSnapshot down = breaker(context);
            String meanwhile = answers.answer("why");
            start();
            recover(context);

            assertThat(down.state()).isEqualTo(BreakerState.OPEN);
            assertThat(down.causes()).containsOnlyKeys(FailureCause.CONNECTION);
            assertThat(down.reason().sentence()).startsWith("signal storage: 6 failures in a row");
            assertThat(meanwhile).isNull();
            assertThat(breaker(context).state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @Test
    void opensAtOnceWhenAPasswordIsWanted() throws IOException {
        server.start();
        RedisCommands<String, String> admin = client.connect().sync();
        admin.configSet("requirepass", "secret");

        run(context -> {
            Answers answers = context.getBean(Answers.class);

            fail(answers, 1);
            BreakerSnapshot refused = breaker(context);
            admin.configSet("requirepass", "");
            recover(context);

            assertThat(refused.state()).isEqualTo(BreakerState.OPEN);
            assertThat(refused.causes()).containsOnlyKeys(FailureCause.AUTHENTICATION);
            assertThat(breaker(context).state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @Test
    void isOverloadedWhenItsMemoryIsFull() throws IOException {
        server.start();
        RedisCommands<String, String> admin = client.connect().sync();
        admin.configSet("maxmemory", "1");

        run(context -> {
            Answers answers = context.getBean(Answers.class);

            for (int i = 0; i < 6; i++) {
                assertThat(catchThrowable(() -> answers.keep("why", "because"))).hasStackTraceContaining("OOM ");
            }
            BreakerSnapshot full = breaker(context);
            admin.configSet("maxmemory", "0");
            recover(context);

            assertThat(full.state()).isEqualTo(BreakerState.OPEN);
            assertThat(full.causes()).containsOnlyKeys(FailureCause.OVERLOADED);
            assertThat(breaker(context).state()).isEqualTo(BreakerState.CLOSED);
        });
    }

    @Test
    void timesOutWhileItHangs() throws IOException {
        server.start();
        RedisCommands<String, String> admin = client.connect().sync();

        run(SHORT, context -> {
            Answers answers = context.getBean(Answers.class);
            Awaitility.await().ignoreExceptions().until(() -> keeps(answers)); // the first connection takes its time
            admin.clientPause(60_000);

            fail(answers, 6);
            BreakerSnapshot hanging = breaker(context);

            assertThat(hanging.state()).isEqualTo(BreakerState.OPEN);
            assertThat(hanging.causes()).containsOnlyKeys(FailureCause.TIMEOUT);
            assertThat(answers.answer("why")).isNull();
        });
    }

    @Test
    void aGuardedCacheIsEmptyWhileItsStorageIsDown() {
        run(context -> {
            Cache cache = cache(context);

            for (int i = 0; i < 6; i++) {
                assertThat(cache.get("why", () -> "loaded")).isEqualTo("loaded");
            }
            cache.evict("why");
            BreakerSnapshot down = breaker(context);
            start();
            recover(context);
            cache.put("why", "because");

            assertThat(down.state()).isEqualTo(BreakerState.OPEN);
            assertThat(cache.get("why", String.class)).isEqualTo("because");
            assertThat(cache.get("why", () -> "loaded")).isEqualTo("because");
        });
    }

    @Test
    void aGuardedCacheFeedsHitsAndMisses() throws IOException {
        server.start();

        run(context -> {
            Cache cache = cache(context);
            cache.put("why", "because");

            assertThat(cache.get("why")).isNotNull();
            assertThat(cache.get("how")).isNull();
            cache.evict("why");
            assertThat(cache.get("why")).isNull();
            assertThat(cache.get("where", () -> "here")).isEqualTo("here");

            assertThat(value(context, "hits")).isEqualTo(0.25);
            assertThat(breaker(context).failedCalls()).isZero();
        });
    }

    @Test
    void whatCannotBeSerializedIsNoFaultOfTheStorage() throws IOException {
        server.start();

        run(context -> {
            Cache withoutSerializer = cache(context);
            Cache withSerializer = cache(
                    context,
                    RedisCacheConfiguration.defaultCacheConfig()
                            .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.java())));

            for (int i = 0; i < 6; i++) {
                withoutSerializer.put("why", new Object());
                withSerializer.put("why", new Object());
            }

            assertThat(breaker(context).state()).isEqualTo(BreakerState.CLOSED);
            assertThat(breaker(context).causes()).isEmpty();
        });
    }

    private void run(Consumer<ApplicationContext> test) {
        run(LONG, test);
    }

    private void run(Duration timeout, Consumer<ApplicationContext> test) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataRedisAutoConfiguration.class,
                        ServiceBreakerAutoConfiguration.class,
                        GuardedCacheAutoConfiguration.class,
                        AnnotationAutoConfiguration.class))
                .withBean(FakeTime.class)
                .withBean(Answers.class)
                .withPropertyValues(
                        "spring.data.redis.port=" + port,
                        "spring.data.redis.timeout=" + timeout,
                        "service-breaker.services.cache=")
                .run(test::accept);
    }

    private void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean keeps(Answers answers) {
        answers.keep("why", "because");
        return "because".equals(answers.answer("why"));
    }

    private static void fail(Answers answers, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(catchThrowable(() -> answers.answer("why"))).isNotNull();
        }
    }

    /** As many probes as it needs to close. */
    private static void recover(ApplicationContext context) {
        context.getBean(FakeTime.class).advance(PAUSE);
        Answers answers = context.getBean(Answers.class);
        for (int i = 0; i < 3; i++) {
            answers.keep("what", "that");
        }
        assertThat(answers.answer("what")).isEqualTo("that");
    }

    private static BreakerSnapshot breaker(ApplicationContext context) {
        return context.getBean(Breakers.class).breaker("cache").snapshot();
    }

    private static @Nullable Double value(ApplicationContext context, String signal) {
        return context.getBean(ServiceSignals.class).of("cache").readings().stream()
                .filter(reading -> reading.name().equals(signal))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static Cache cache(ApplicationContext context) {
        return cache(context, RedisCacheConfiguration.defaultCacheConfig());
    }

    private static Cache cache(ApplicationContext context, RedisCacheConfiguration configuration) {
        RedisCacheManager manager = RedisCacheManager.builder(RedisCacheWriter.create(
                        context.getBean(RedisConnectionFactory.class), RedisCacheWriterConfigurer::immediateWrites))
                .cacheDefaults(configuration)
                .build();
        Cache cache = manager.getCache("answers");
        assertThat(cache).isNotNull();
        return context.getBean(GuardedCaches.class).guard(cache, "cache");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static class Answers {

        private final StringRedisTemplate redis;

        Answers(StringRedisTemplate redis) {
            this.redis = redis;
        }

        @ServiceBreaker("cache")
        public @Nullable String answer(String question) {
            return redis.opsForValue().get(question);
        }

        @ServiceBreaker("cache")
        public void keep(String question, String answer) {
            redis.opsForValue().set(question, answer);
        }
    }
}
