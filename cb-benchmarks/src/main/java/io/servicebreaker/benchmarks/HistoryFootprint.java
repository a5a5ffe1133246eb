package io.servicebreaker.benchmarks;

import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.Latencies;
import io.servicebreaker.benchmarks.own.SteppingTime;
import io.servicebreaker.call.FailureCause;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Heap that the history of 20 services takes that were called in each minute of 30 days, and how long it takes to read it.
 *
 * <p>Calls come at random. Their times are lognormal around a median that is another one each hour; one in a hundred fails; each
 * service has one model, and each minute its own cost.
 */
public final class HistoryFootprint {

    private static final int SERVICES = 20;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int MINUTES = 60;
    private static final double FAILED = 0.01;
    private static final double MEDIAN_NANOS = 2e9;
    private static final double SIGMA = 0.6;
    private static final int ROUNDS = 5;

    private final Random random = new Random(1);
    private final SteppingTime time = new SteppingTime();

    public static void main(String[] arguments) {
        System.out.println(
                "| calls a minute | MB | minutes kept, days | hours of a service, ms | minutes of a service, ms |");
        System.out.println("|---|---|---|---|---|");
        for (int calls : new int[] {6, 60, 600}) {
            new HistoryFootprint().measure(calls);
        }
    }

    private void measure(int calls) {
        long before = usedHeap();
        HistoryStore store = HistoryStore.inMemory(KEPT, time);
        fill(store, calls);
        try {
            double megabytes = (usedHeap() - before) / 1e6;
            int[] minutes = new int[1];
            double readingMinutes = millis(() -> store.read("service-0", Instant.EPOCH, minute -> minutes[0]++));
            double readingHours = millis(() -> store.readHours("service-0", Instant.EPOCH, hour -> {}));
            double days =
                    minutes[0] / 2.0 / (ROUNDS * Duration.ofDays(1).toMinutes()); // read that often, service and model
            System.out.printf(
                    "| %,d | %.1f | %.1f | %.1f | %.1f |%n", calls, megabytes, days, readingHours, readingMinutes);
        } finally {
            Reference.reachabilityFence(store);
        }
    }

    private void fill(HistoryStore store, int calls) {
        Instant begin = time.now();
        for (long hour = 0; hour < KEPT.toHours(); hour++) {
            for (int service = 0; service < SERVICES; service++) {
                store.append(hour("service-" + service, begin.plus(Duration.ofHours(hour)), calls));
            }
            time.advance(Duration.ofHours(1));
        }
    }

    private List<CallMinute> hour(String service, Instant begin, int calls) {
        List<CallMinute> minutes = new ArrayList<>();
        double median = MEDIAN_NANOS * Math.exp(random.nextGaussian() / 2);
        for (int minute = 0; minute < MINUTES; minute++) {
            int number = (int) Math.max(0, Math.round(calls + random.nextGaussian() * Math.sqrt(calls)));
            CallMinute model = minute(service, begin.plus(Duration.ofMinutes(minute)), number, median);
            minutes.add(model);
            minutes.add(new CallMinute(
                    service,
                    "",
                    model.start(),
                    model.answers(),
                    model.failures(),
                    model.failing(),
                    Map.of(),
                    model.longestRun(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    model.cost()));
        }
        return minutes;
    }

    private CallMinute minute(String service, Instant start, int calls, double median) {
        long[] answers = new long[Latencies.BUCKETS];
        long[] failing = new long[Latencies.BUCKETS];
        long failed = 0;
        for (int i = 0; i < calls; i++) {
            long nanos = (long) (median * Math.exp(SIGMA * random.nextGaussian()));
            if (random.nextDouble() < FAILED) {
                failing[Latencies.bucket(nanos)]++;
                failed++;
            } else {
                answers[Latencies.bucket(nanos)]++;
            }
        }
        return new CallMinute(
                service,
                "model",
                start,
                new Latencies(answers),
                failed == 0 ? Map.of() : Map.of(FailureCause.SERVER_ERROR, failed),
                new Latencies(failing),
                Map.of(),
                failed == 0 ? 0 : 1,
                0,
                0,
                0,
                0,
                0,
                BigDecimal.valueOf((long) (calls * 2_000_000L * (1 + random.nextGaussian() / 10)), 9));
    }

    private static double millis(Runnable work) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - begun) / 1e6);
        }
        return best;
    }

    /** Collects until nothing more goes: references die in stages. */
    private static long usedHeap() {
        long smallest = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 3; unchanged++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (used < smallest) {
                smallest = used;
                unchanged = 0;
            }
        }
        return smallest;
    }
}
