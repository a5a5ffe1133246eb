package io.servicebreaker.spring.cache;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A cache that is empty while its storage fails or is not to be called. Safe for use by many threads if the cache is.
 *
 * <p>What it is told to keep or to forget meanwhile is dropped, so what was to be forgotten may come back: entries should
 * expire by themselves. Failures of the storage are counted by the breaker, logged, and reach no caller; an
 * {@link IllegalArgumentException} for what is to be kept is the caller's mistake, reaches it and is not counted. Values
 * are loaded by the caller's own thread, also where the cache would let one load for all. What was loaded asynchronously
 * is stored by a thread for this, and then handed out.
 */
final class GuardedCache implements Cache {

    private final Cache cache;
    private final CallOrchestrator orchestrator;
    private final CallRequest get;
    private final CallRequest put;
    private final CallRequest evict;
    private final StorageFailures failures;
    private final Executor threads;

    GuardedCache(
            Cache cache, CallOrchestrator orchestrator, String service, StorageFailures failures, Executor threads) {
        this.cache = cache;
        this.orchestrator = orchestrator;
        this.failures = failures;
        this.threads = threads;
        this.get = CallRequest.to(service).operation("get");
        this.put = CallRequest.to(service).operation("put");
        this.evict = CallRequest.to(service).operation("evict");
    }

    @Override
    public String getName() {
        return cache.getName();
    }

    @Override
    public Object getNativeCache() {
        return cache.getNativeCache();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        OngoingCall call = begin(get);
        if (call == null) {
            return null;
        }
        ValueWrapper found;
        try {
            found = cache.get(key);
        } catch (Exception e) {
            failed(call, e);
            return null;
        } catch (Error e) {
            call.failed(e);
            throw e;
        }
        ended(call, found != null);
        return found;
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        ValueWrapper found = get(key);
        Object value = found == null ? null : found.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException(
                    "Cached value is not of required type [" + type.getName() + "]: " + value.getClass());
        }
        return cast(value);
    }

    @Override
    public <T> @Nullable T get(Object key, Callable<T> loader) {
        ValueWrapper found = get(key);
        if (found != null) {
            return cast(found.get());
        }
        T value;
        try {
            value = loader.call();
        } catch (Exception e) {
            throw new ValueRetrievalException(key, loader, e);
        }
        put(key, value);
        return value;
    }

    @Override
    public @Nullable CompletableFuture<?> retrieve(Object key) {
        OngoingCall call = begin(get);
        if (call == null) {
            return null;
        }
        CompletableFuture<?> found;
        try {
            found = cache.retrieve(key);
        } catch (UnsupportedOperationException e) {
            call.close();
            throw e;
        } catch (Exception e) {
            failed(call, e);
            return null;
        } catch (Error e) {
            call.failed(e);
            throw e;
        }
        if (found == null) {
            call.missed();
            return null;
        }
        return found.handle((value, error) -> orNothing(call, value, error));
    }

    private @Nullable Object orNothing(OngoingCall call, @Nullable Object value, @Nullable Throwable error) {
        if (error == null) {
            ended(call, value != null);
        } else {
            failed(call, error);
        }
        return error == null ? value : null;
    }

    @Override
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        CompletableFuture<?> found = retrieve(key);
        return found == null
                ? loaded(key, loader)
                : found.thenCompose(value -> value == null ? loaded(key, loader) : present(value));
    }

    private <T> CompletableFuture<T> loaded(Object key, Supplier<CompletableFuture<T>> loader) {
        return loader.get().thenCompose(value -> stored(key, value));
    }

    /** The value after it was stored, or at once if so much waits to be stored that it is not worth it. */
    private <T> CompletableFuture<T> stored(Object key, T value) {
        try {
            return CompletableFuture.runAsync(() -> put(key, value), threads).thenApply(done -> value);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(value);
        }
    }

    private static <T> CompletableFuture<T> present(Object found) {
        return CompletableFuture.completedFuture(cast(found instanceof ValueWrapper wrapper ? wrapper.get() : found));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        write(put, null, () -> {
            cache.put(key, value);
            return null;
        });
    }

    /** As if nothing was there if it cannot be stored. */
    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        return write(put, null, () -> cache.putIfAbsent(key, value));
    }

    @Override
    public void evict(Object key) {
        write(evict, null, () -> {
            cache.evict(key);
            return null;
        });
    }

    @Override
    public boolean evictIfPresent(Object key) {
        return Boolean.TRUE.equals(write(evict, false, () -> cache.evictIfPresent(key)));
    }

    @Override
    public void clear() {
        write(evict, null, () -> {
            cache.clear();
            return null;
        });
    }

    @Override
    public boolean invalidate() {
        return Boolean.TRUE.equals(write(evict, false, cache::invalidate));
    }

    private <T> @Nullable T write(CallRequest request, @Nullable T instead, Supplier<? extends @Nullable T> operation) {
        OngoingCall call = begin(request);
        if (call == null) {
            return instead;
        }
        T result;
        try {
            result = operation.get();
        } catch (IllegalArgumentException e) {
            call.close();
            throw e;
        } catch (Exception e) {
            failed(call, e);
            return instead;
        } catch (Error e) {
            call.failed(e);
            throw e;
        }
        call.succeeded();
        return result;
    }

    private void failed(OngoingCall call, Throwable error) {
        call.failed(error);
        failures.failed(call.request().operation(), error);
    }

    /** Null if the storage is not to be called. */
    private @Nullable OngoingCall begin(CallRequest request) {
        try {
            return orchestrator.begin(request);
        } catch (CallRejectedException refused) {
            return null;
        }
    }

    private static void ended(OngoingCall call, boolean found) {
        if (found) {
            call.hit();
        } else {
            call.missed();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as unchecked as the contract of Cache
    private static <T> @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }
}
