package io.servicebreaker.spring.loadbalancer;

import io.servicebreaker.spring.loadbalancer.BalancedService.Ongoing;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.loadbalancer.Request;

/**
 * What is known of requests until they end. The balancer tells nothing of those that the application gives up: they are
 * forgotten as soon as nobody else holds them. Safe for use by many threads.
 */
final class RequestsUnderWay {

    private final Map<Key, Ongoing> byRequest = new ConcurrentHashMap<>();
    private final ReferenceQueue<Request<?>> abandoned = new ReferenceQueue<>();

    void add(Request<?> request, Ongoing ongoing) {
        for (Object key = abandoned.poll(); key != null; key = abandoned.poll()) {
            byRequest.remove(key);
        }
        byRequest.put(new Key(request, abandoned), ongoing);
    }

    @Nullable
    Ongoing remove(Request<?> request) {
        return byRequest.remove(new Key(request, null));
    }

    int size() {
        return byRequest.size();
    }

    /** A request itself: those of the balancer are equal if they are to the same address. */
    private static final class Key extends WeakReference<Request<?>> {

        private final int hash;

        Key(Request<?> request, @Nullable ReferenceQueue<Request<?>> queue) {
            super(request, queue);
            this.hash = System.identityHashCode(request);
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            Request<?> request = get();
            return request != null && other instanceof Key key && key.get() == request;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
