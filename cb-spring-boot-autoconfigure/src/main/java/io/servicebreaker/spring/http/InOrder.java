package io.servicebreaker.spring.http;

import java.util.List;

/** Where ours stands among what others have put around the requests of a client. */
final class InOrder {

    private static final String BALANCER = "org.springframework.cloud.client.loadbalancer.";

    private InOrder() {}

    /**
     * Adds ours, unless it is there: nearest to the network, but before a load balancer, which replaces the address that
     * belongs to a service by that of an instance.
     */
    static <T> void add(T ours, List<? super T> all) {
        if (all.contains(ours)) {
            return;
        }
        int place = 0;
        while (place < all.size() && !isBalancer(all.get(place))) {
            place++;
        }
        all.add(place, ours);
    }

    private static boolean isBalancer(Object other) {
        return other.getClass().getName().startsWith(BALANCER);
    }
}
