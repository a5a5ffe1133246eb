package io.servicebreaker.spring.cache;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.OngoingCall;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A cache that is empty while its storage fails or is not to be called. Safe for use by many threads if the cache is.
 *
 * <p>What it is told to keep or to forget meanwhile is dropped, so what was to be forgotten may come back: entries should
 * expire by themselves. Failures of the storage are counted by the breaker and reach no caller. Values are loaded by the
 * caller's own thread, also where the cache would let one load for all.
 */
final class GuardedCache implements Cache {

    private final Cache cache;
    private final CallOrchestrator orchestrator;
    private final CallRequest get;
    private final CallRequest put;
    private final CallRequest evict;

    GuardedCache(Cache cache, CallOrchestrator orchestrator, String service) {
        this.cache = cache;
        this.orchestrator = orchestrator;
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
            call.failed(e);
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
            call.failed(e);
            return null;
        }
        if (found == null) {
            call.missed();
            return null;
        }
        return found.handle((value, error) -> orNothing(call, value, error));
    }

    private static @Nullable Object orNothing(OngoingCall call, @Nullable Object value, @Nullable Throwable error) {
        if (error == null) {
            ended(call, value != null);
        } else {
            call.failed(error);
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
        return loader.get().thenApply(value -> {
            put(key, value);
            return value;
        });
    }

    private static <T> CompletableFuture<T> present(Object found) {
        return CompletableFuture.completedFuture(cast(found instanceof ValueWrapper wrapper ? wrapper.get() : found));
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        write(put, () -> cache.put(key, value));
    }

    @Override
    public void evict(Object key) {
        write(evict, () -> cache.evict(key));
    }

    @Override
    public void clear() {
        write(evict, cache::clear);
    }

    private void write(CallRequest request, Runnable operation) {
        OngoingCall call = begin(request);
        if (call == null) {
            return;
        }
        try {
            operation.run();
        } catch (Exception e) {
            call.failed(e);
            return;
        } catch (Error e) {
            call.failed(e);
            throw e;
        }
        call.succeeded();
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
