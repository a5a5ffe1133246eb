package io.servicebreaker.benchmarks;

import io.servicebreaker.benchmarks.own.Guarded;
import io.servicebreaker.benchmarks.own.ServiceBreakers;
import io.servicebreaker.benchmarks.peer.Resilience4jBreakers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Wall time of 100,000 calls of 50 ms, 10,000 at a time, each on a virtual thread of its own.
 *
 * <p>The variants take turns. Carriers that a virtual thread held while it waited are counted by the flight recorder.
 */
public final class VirtualThreadLoad {
    private static final int CALLS = 100_000;
    private static final int AT_A_TIME = 10_000;
    private static final Duration CALL = Duration.ofMillis(50);

    private VirtualThreadLoad() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        try {
            newVirtualThreadExecutor().shutdown();
        } catch (NoSuchMethodException noVirtualThreads) {
            System.err.println("Virtual threads need JDK 21 or later, and 24 or later to wait in a synchronized block"
                    + " without holding the carrier; this is " + Runtime.version());
            System.exit(2);
        }
        measure(rounds, variants());
    }

    private static Map<String, Protection> variants() {
        ServiceBreakers own = new ServiceBreakers();
        Resilience4jBreakers breakers = new Resilience4jBreakers();
        Map<String, Protection> variants = new LinkedHashMap<>();
        variants.put("without", Supplier::get);
        variants.put("servicebreaker", operation -> Guarded.unchecked(own.allGates, operation::get));
        variants.put("resilience4jTime", breakers.time::executeSupplier);
        return variants;
    }

    private static void measure(int rounds, Map<String, Protection> variants) throws Exception {
        Timings timings = new Timings();
        Map<String, Long> pinned = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Protection> variant : variants.entrySet()) {
                try (PinnedCarriers carriers = new PinnedCarriers()) {
                    double taken = runOnce(variant.getValue());
                    if (round > 0) { // the first round of each warms up
                        timings.add(variant.getKey(), taken);
                        pinned.merge(variant.getKey(), carriers.count(), Long::sum);
                    }
                }
            }
        }
        timings.print();
        System.out.println("| variant | carriers pinned in all rounds |");
        System.out.println("|---|---|");
        pinned.forEach((variant, count) -> System.out.println("| " + variant + " pinned | " + count + " |"));
    }

    private static double runOnce(Protection protection) throws Exception {
        ExecutorService executor = newVirtualThreadExecutor();
        Semaphore places = new Semaphore(AT_A_TIME);
        long start = System.nanoTime();
        for (int call = 0; call < CALLS; call++) {
            places.acquire();
            executor.execute(() -> {
                protection.call(VirtualThreadLoad::remoteCall);
                places.release();
            });
        }
        executor.shutdown();
        if (!executor.awaitTermination(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException("calls are stuck");
        }
        return (System.nanoTime() - start) / (double) Duration.ofMillis(1).toNanos();
    }

    /** The time that a remote service would take. */
    private static String remoteCall() {
        try {
            Thread.sleep(CALL.toMillis());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return Answer.get();
    }

    /** Looked up at run time because this class must also load on JDK 17. */
    private static ExecutorService newVirtualThreadExecutor() throws NoSuchMethodException {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (NoSuchMethodException missing) {
            throw missing;
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Runs the operation as a breaker would. */
    @FunctionalInterface
    private interface Protection {
        String call(Supplier<String> operation);
    }
}
