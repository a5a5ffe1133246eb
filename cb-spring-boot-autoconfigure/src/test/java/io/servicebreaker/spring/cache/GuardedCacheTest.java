package io.servicebreaker.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.spring.CallListenerFactory;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.context.ApplicationContext;

/** What a guarded cache does with a storage in memory that can be made to fail. */
@ExtendWith(OutputCaptureExtension.class)
class GuardedCacheTest {

    private final Storage storage = new Storage();

    @Test
    void onlyOneOfTwoIsToldThatNothingWasThere() {
        storage.readers = new CyclicBarrier(2);
        run((context, cache) -> {
            CompletableFuture<Cache.@Nullable ValueWrapper> other =
                    CompletableFuture.supplyAsync(() -> cache.putIfAbsent("why", "because"));
            Cache.ValueWrapper mine = cache.putIfAbsent("why", "because");

            Cache.ValueWrapper theirs = other.join();

            assertThat(mine == null).isNotEqualTo(theirs == null);
        });
    }

    @Test
    void forgetsAtOnceWhatIsToBeForgottenAtOnce() {
        run((context, cache) -> {
            cache.put("why", "because");
            cache.put("how", "thus");

            assertThat(cache.evictIfPresent("why")).isTrue();
            assertThat(cache.evictIfPresent("why")).isFalse();
            assertThat(cache.invalidate()).isTrue();
            assertThat(cache.invalidate()).isFalse();
        });
    }

    @Test
    void isEmptyAndChangesNothingWhileItIsNotToBeCalled() {
        run((context, cache) -> {
            cache.put("why", "because");
            context.getBean(Breakers.class).breaker("cache").forceOpen("test", null);

            assertThat(cache.putIfAbsent("why", "so")).isNull();
            assertThat(cache.putIfAbsent("how", "thus")).isNull();
            assertThat(cache.evictIfPresent("why")).isFalse();
            assertThat(cache.invalidate()).isFalse();
            assertThat(storage.getNativeCache()).containsOnlyKeys("why").containsValue("because");
        });
    }

    @Test
    void failuresOfTheStorageReachNoCallerAndCount() {
        storage.failure = new UncheckedIOException(new IOException("reset"));
        run((context, cache) -> {
            assertThat(cache.putIfAbsent("how", "thus")).isNull();
            assertThat(cache.evictIfPresent("why")).isFalse();
            assertThat(cache.invalidate()).isFalse();

            assertThat(kinds(context))
                    .containsExactly(Outcome.Kind.FAILURE, Outcome.Kind.FAILURE, Outcome.Kind.FAILURE);
        });
    }

    @Test
    void tellsTheCallerWhatItCannotKeepAndBlamesNobody() {
        run((context, cache) -> {
            assertThatThrownBy(() -> cache.put("why", null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cache.putIfAbsent("why", null)).isInstanceOf(IllegalArgumentException.class);

            assertThat(kinds(context)).containsExactly(Outcome.Kind.IGNORED, Outcome.Kind.IGNORED);
        });
    }

    @Test
    void endsACallWhoseStorageDiesWhileItIsAsked() {
        storage.failure = new LinkageError("no such method");
        run((context, cache) -> {
            Throwable death = catchThrowable(() -> cache.retrieve("why"));

            assertThat(death).isInstanceOf(LinkageError.class);
            assertThat(kinds(context)).hasSize(1);
        });
    }

    @Test
    void doesNotMakeTheThreadWaitThatHasLoadedAValue() throws Exception {
        CompletableFuture<String> loaded = new CompletableFuture<>();
        run((context, cache) -> {
            CompletableFuture<String> answer = cache.retrieve("why", () -> loaded);

            loaded.complete("because");

            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("because");
            assertThat(storage.getNativeCache()).containsEntry("why", "because");
            assertThat(storage.writer).isNotNull().isNotSameAs(Thread.currentThread());
            assertThat(storage.writer.isDaemon()).isTrue();
        });
    }

    @Test
    void logsTheFirstFailureOfAMinute(CapturedOutput output) {
        storage.failure = new UncheckedIOException(new IOException("reset"));
        run((context, cache) -> {
            cache.get("why");
            cache.put("why", "because");
            context.getBean(FakeTime.class).advance(Duration.ofMinutes(1));
            cache.evict("why");

            assertThat(output.getOut().lines().filter(line -> line.contains("cache 'answers'")))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("WARN", "get", "java.io.IOException"),
                            line -> assertThat(line).contains("WARN", "evict", "java.io.IOException"));
        });
    }

    private void run(Use test) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ServiceBreakerAutoConfiguration.class, GuardedCacheAutoConfiguration.class))
                .withBean(FakeTime.class)
                .withBean(Calls.class)
                .withPropertyValues("service-breaker.services.cache=")
                .run(context ->
                        test.of(context, context.getBean(GuardedCaches.class).guard(storage, "cache")));
    }

    private static List<Outcome.Kind> kinds(ApplicationContext context) {
        return context.getBean(Calls.class).seen;
    }

    private interface Use {
        void of(ApplicationContext context, Cache cache) throws Exception;
    }

    /** Keeps no null, and forgets later unless told to do it at once, as those do that others share. */
    private static final class Storage extends ConcurrentMapCache {

        private @Nullable CyclicBarrier readers;
        private @Nullable Throwable failure;
        private volatile @Nullable Thread writer;

        Storage() {
            super("answers", false);
        }

        @Override
        protected @Nullable Object lookup(Object key) {
            fail();
            Object value = super.lookup(key);
            if (readers != null) {
                try {
                    readers.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return value;
        }

        @Override
        public @Nullable CompletableFuture<?> retrieve(Object key) {
            fail();
            return super.retrieve(key);
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            fail();
            writer = Thread.currentThread();
            super.put(key, value);
        }

        @Override
        public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
            fail();
            return super.putIfAbsent(key, value);
        }

        @Override
        public void evict(Object key) {
            fail();
        }

        @Override
        public boolean evictIfPresent(Object key) {
            fail();
            return super.evictIfPresent(key);
        }

        @Override
        public boolean invalidate() {
            fail();
            return super.invalidate();
        }

        private void fail() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
        }
    }

    static final class Calls implements CallListenerFactory, CallListener {

        private final List<Outcome.Kind> seen = new CopyOnWriteArrayList<>();

        @Override
        public CallListener listenerFor(String service) {
            return this;
        }

        @Override
        public void finished(CallRequest request, Outcome outcome, long durationNanos) {
            seen.add(outcome.kind());
        }

        @Override
        public void rejected(CallRequest request, Rejection rejection) {}
    }
}
