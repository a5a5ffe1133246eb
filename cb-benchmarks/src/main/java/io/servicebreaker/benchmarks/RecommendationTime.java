package io.servicebreaker.benchmarks;

import io.servicebreaker.adaptive.AdaptiveSettings;
import io.servicebreaker.adaptive.CallMinute;
import io.servicebreaker.adaptive.HistoryStore;
import io.servicebreaker.adaptive.Latencies;
import io.servicebreaker.adaptive.ThresholdAdvisor;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.time.TimeSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes to recommend settings for 20 services with 30 days of history each: an hour of new minutes is read, and all
 * that is tried is replayed. The first time, when all is read, is told apart.
 */
public final class RecommendationTime {

    private static final int SERVICES = 20;
    private static final int DAYS = 30;
    private static final int WARM_UP = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** What a service goes through. */
    private enum History {
        /** A busy service of which one call in a hundred fails, with a trouble a day. */
        USUAL {
            @Override
            CallMinute minute(String service, Instant start, long number, Random random) {
                long sinceTrouble = number % (24 * 60);
                int failed = sinceTrouble < 12 ? 50 : random.nextInt(13);
                return of(service, start, 600 - failed, failed, sinceTrouble < 12 ? 50 : 1, 0);
            }
        },
        /** Each minute could open any breaker, and did. */
        ALWAYS_IN_TROUBLE {
            @Override
            CallMinute minute(String service, Instant start, long number, Random random) {
                int failed = 100 + random.nextInt(500);
                return of(service, start, 600 - failed, failed, 5 + random.nextInt(50), random.nextInt(300));
            }
        },
        /** Each minute comes close to what opens a breaker, so that all have to be looked at closely. */
        ALWAYS_NEAR {
            @Override
            CallMinute minute(String service, Instant start, long number, Random random) {
                return of(service, start, 330, 270 + random.nextInt(3), 3, 0);
            }
        };

        abstract CallMinute minute(String service, Instant start, long number, Random random);

        private static CallMinute of(String service, Instant start, long good, long failed, int run, long refused) {
            return new CallMinute(
                    service,
                    "",
                    start,
                    latencies(Duration.ofSeconds(1), good),
                    Map.of(FailureCause.SERVER_ERROR, failed),
                    latencies(Duration.ofMillis(300), failed),
                    Map.of(),
                    run,
                    refused,
                    refused > 0 ? 1 : 0,
                    refused / 10.0,
                    refused > 0 ? 3 : 0,
                    refused > 0 ? 1 : 0,
                    BigDecimal.ZERO);
        }

        private static Latencies latencies(Duration each, long calls) {
            long[] counts = new long[Latencies.BUCKETS];
            counts[Latencies.bucket(each.toNanos())] = calls;
            return new Latencies(counts);
        }
    }

    /** Moved by hand; the time that is measured is the precise one. */
    private static final class Calendar implements TimeSource {
        private volatile Instant now = BEGIN.plus(Duration.ofDays(DAYS));

        @Override
        public long nanos() {
            return Duration.between(BEGIN, now).toNanos();
        }

        @Override
        public Instant now() {
            return now;
        }
    }

    private final History kind;
    private final Calendar calendar = new Calendar();
    private final HistoryStore store = HistoryStore.inMemory(Duration.ofDays(DAYS), calendar);
    private final Map<String, BreakerSettings> services = new LinkedHashMap<>();
    private final Random random = new Random(1);
    private long minutes;

    private RecommendationTime(History kind) {
        this.kind = kind;
        for (int i = 0; i < SERVICES; i++) {
            services.put("service" + i, BreakerSettings.defaults());
        }
    }

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        System.out.printf(
                Locale.ROOT,
                "JDK %s, %d services with %d days each%n| history | median ms | max ms | median ms of processor | the first time ms |"
                        + " found |%n|---|---|---|---|---|---|%n",
                Runtime.version(),
                SERVICES,
                DAYS);
        for (History kind : History.values()) {
            new RecommendationTime(kind).measure(rounds);
        }
    }

    private void measure(int rounds) {
        ThresholdAdvisor advisor = new ThresholdAdvisor(services, AdaptiveSettings.DEFAULTS, store, calendar);
        for (int hour = 0; hour < DAYS * 24; hour++) {
            write();
        }
        long begun = System.nanoTime();
        int found = recommend(advisor);
        double first = millis(System.nanoTime() - begun);
        List<Long> nanos = new ArrayList<>();
        List<Long> cpuNanos = new ArrayList<>();
        for (int i = 0; i < WARM_UP + rounds; i++) {
            write();
            calendar.now = calendar.now.plus(Duration.ofHours(1));
            long start = System.nanoTime();
            long cpuStart = THREADS.getCurrentThreadCpuTime();
            found = recommend(advisor);
            if (i >= WARM_UP) {
                nanos.add(System.nanoTime() - start);
                cpuNanos.add(THREADS.getCurrentThreadCpuTime() - cpuStart);
            }
        }
        nanos.sort(null);
        cpuNanos.sort(null);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.0f | %d |%n",
                kind,
                millis(nanos.get(rounds / 2)),
                millis(nanos.get(rounds - 1)),
                millis(cpuNanos.get(rounds / 2)),
                first,
                found);
    }

    /** The next hour of all services. */
    private void write() {
        List<CallMinute> hour = new ArrayList<>();
        for (int i = 0; i < 60; i++, minutes++) {
            Instant start = BEGIN.plus(Duration.ofMinutes(minutes));
            long number = minutes;
            services.keySet().forEach(service -> hour.add(kind.minute(service, start, number, random)));
        }
        store.append(hour);
    }

    private int recommend(ThresholdAdvisor advisor) {
        int found = 0;
        for (Map.Entry<String, BreakerSettings> service : services.entrySet()) {
            advisor.refresh(service.getKey());
            found += advisor.advise(service.getKey(), service.getValue()).size();
        }
        return found;
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
