package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Services that begin to fail for a common cause, at random moments after two to six hours of their usual failures. */
class DetectionTest {

    private static final int INJECTIONS = 200;
    private static final int SECONDS = 60;

    /**
     * What was injected.
     *
     * @param affected the first ones; all begin within five seconds
     */
    private record Injection(int services, int affected, double usual, double more) {}

    private static final List<Injection> KINDS = List.of(
            new Injection(2, 2, 1 / 300.0, 1),
            new Injection(5, 3, 1 / 60.0, 0.5),
            new Injection(10, 4, 1 / 60.0, 1),
            new Injection(20, 6, 1 / 120.0, 0.3),
            new Injection(8, 8, 2, 8));

    @Test
    void aCommonCauseIsFoundWithinAMinuteInAtLeast95OfAHundredTimes() {
        int found = 0;
        int exact = 0;
        for (int i = 0; i < INJECTIONS; i++) {
            Injection injection = KINDS.get(i % KINDS.size());
            List<String> services = servicesFound(injection, i);
            List<String> affected = IntStream.range(0, injection.affected)
                    .mapToObj(service -> "s" + service)
                    .toList();
            found += services.stream().filter(affected::contains).count() >= 2 ? 1 : 0;
            exact += services.size() == affected.size() && services.containsAll(affected) ? 1 : 0;
        }
        System.out.printf(
                "Common causes found within %d s: %d of %d, %d of them with exactly those affected after two minutes%n",
                SECONDS, found, INJECTIONS, exact);
        assertThat((double) found / INJECTIONS).isGreaterThanOrEqualTo(0.95);
        assertThat((double) exact / INJECTIONS).isGreaterThanOrEqualTo(0.85);
    }

    private static List<String> servicesFound(Injection injection, long seed) {
        try (CorrelatedWorld world = new CorrelatedWorld(seed, CorrelatedWorld.strangers(injection.services))) {
            world.run(7200 + world.random().nextInt(4 * 3600), service -> injection.usual);
            int before = (int) world.correlation.correlations().stream()
                    .filter(Correlation::isOpen)
                    .count();
            int[] begin = IntStream.range(0, injection.affected)
                    .map(service -> world.random().nextInt(5))
                    .toArray();
            for (int second = 0; second < SECONDS; second++) {
                int now = second;
                world.run(
                        1,
                        service -> injection.usual
                                + (service < injection.affected && now >= begin[service] ? injection.more : 0));
            }
            boolean inTime = world.correlation.correlations().stream()
                            .filter(Correlation::isOpen)
                            .count()
                    > before;
            world.run(SECONDS, service -> injection.usual + (service < injection.affected ? injection.more : 0));
            return inTime ? world.correlation.correlations().get(0).services() : List.of();
        }
    }
}
