package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand hours of services that fail independently, and how many of these hours have a report all the same. */
class FalseReportsTest {

    private static final int HOURS_A_RUN = 10;
    private static final int[] SIZES = {2, 3, 5, 10, 20};

    /** Allowed is 1 % of the hours; the seeds are fixed, so that this is what was measured and some room. */
    private static final double ALLOWED = 0.008;

    /**
     * How services fail: at a rate all the time, or up and down for exponentially distributed times.
     *
     * @param up mean seconds without an outage, 0 if there are no outages
     * @param down mean seconds of an outage
     * @param usual failures a second
     * @param worse failures a second in an outage
     */
    private record Regime(String name, double up, double down, double usual, double worse) {

        static Regime steady(String name, double usual) {
            return new Regime(name, 0, 0, usual, usual);
        }
    }

    private static final List<Regime> REGIMES = List.of(
            Regime.steady("one failure in two minutes", 1 / 120.0),
            Regime.steady("five failures a second", 5),
            new Regime("ten minutes down in an hour", 3600, 600, 1 / 120.0, 1),
            new Regime("half of the time down", 600, 600, 1 / 120.0, 1),
            new Regime("a minute down in ten, hardly noticed", 600, 60, 1 / 500.0, 0.2));

    @Test
    void independentFailuresAreReportedInLessThanOneOfAHundredHours() {
        int hours = 0;
        int reported = 0;
        List<String> table = new ArrayList<>();
        for (Regime regime : REGIMES) {
            int ofRegime = 0;
            int hoursOfRegime = 0;
            for (int run = 0; run < 20; run++) {
                ofRegime += reportedHours(regime, SIZES[run % SIZES.length], run);
                hoursOfRegime += HOURS_A_RUN;
            }
            table.add("%s: %d of %d hours".formatted(regime.name, ofRegime, hoursOfRegime));
            reported += ofRegime;
            hours += hoursOfRegime;
        }
        table.add("all: %d of %d hours, %.2f %%".formatted(reported, hours, 100.0 * reported / hours));
        System.out.println("Independent failures reported as correlated: " + String.join("; ", table));
        assertThat(hours).isEqualTo(1000);
        assertThat((double) reported / hours).isLessThanOrEqualTo(ALLOWED);
    }

    private static int reportedHours(Regime regime, int size, int run) {
        try (CorrelatedWorld world = new CorrelatedWorld(run * 31L + size, CorrelatedWorld.strangers(size))) {
            Outages outages = new Outages(world, regime);
            int reported = 0; // those that are over are kept for a day
            for (int hour = 0; hour < HOURS_A_RUN; hour++) {
                int before = world.correlation.correlations().size();
                world.run(3600, outages::rate);
                reported += world.correlation.correlations().size() > before ? 1 : 0;
            }
            return reported;
        }
    }

    /** Which services are down. */
    private static final class Outages {

        private final CorrelatedWorld world;
        private final Regime regime;
        private final boolean[] down;
        private final double[] until;

        Outages(CorrelatedWorld world, Regime regime) {
            this.world = world;
            this.regime = regime;
            this.down = new boolean[world.size()];
            this.until = new double[world.size()];
            for (int i = 0; i < down.length && regime.up > 0; i++) {
                down[i] = world.random().nextDouble() < regime.down / (regime.up + regime.down);
                until[i] = world.exponential(down[i] ? regime.down : regime.up);
            }
        }

        double rate(int service) {
            double now = world.seconds();
            while (regime.up > 0 && until[service] < now) {
                down[service] = !down[service];
                until[service] += world.exponential(down[service] ? regime.down : regime.up);
            }
            return down[service] ? regime.worse : regime.usual;
        }
    }
}
