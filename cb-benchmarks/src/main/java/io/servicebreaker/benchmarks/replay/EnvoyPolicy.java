package io.servicebreaker.benchmarks.replay;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's outlier ejection with its defaults, of one host: five server errors in a row eject it for 30 s times the number of
 * ejections, at most 300 s; every 10 s hosts come back, and those that were not ejected have one ejection forgotten.
 *
 * <p>Source: Envoy's documentation, "Outlier detection" and {@code envoy.config.cluster.v3.OutlierDetection}.
 */
final class EnvoyPolicy implements Policy {

    private static final int CONSECUTIVE = 5;
    private static final double INTERVAL = 10;
    private static final double BASE = 30;
    private static final double LONGEST = 300;

    @Override
    public Map<String, Gatekeeper> guard(String provider, Collection<String> services, VirtualClock clock) {
        return services.stream().collect(Collectors.toMap(Function.identity(), name -> new Host(clock)));
    }

    private static final class Host implements Gatekeeper {

        private final VirtualClock clock;
        private int inARow;
        private int ejections;
        private double ejectedUntil = Double.NEGATIVE_INFINITY;
        private long forgiven;
        private boolean ejected;

        Host(VirtualClock clock) {
            this.clock = clock;
        }

        @Override
        public @Nullable Attempt begin(Losses now) {
            if (clock.seconds() < ejectedUntil) {
                return null;
            }
            comeBack();
            return this::ended;
        }

        /** Failures of calls that were under way while it was ejected count no more. */
        private void comeBack() {
            if (ejected) {
                ejected = false;
                inARow = 0;
            }
        }

        private void ended(Answer answer, long retryAfterSeconds) {
            boolean isServerError = answer.isFailure() && answer.kind() != Answer.Kind.RATE_LIMITED;
            inARow = isServerError ? inARow + 1 : 0;
            if (inARow >= CONSECUTIVE) {
                if (!ejected) {
                    eject();
                }
                inARow = 0;
            }
        }

        private void eject() {
            long interval = (long) (clock.seconds() / INTERVAL);
            ejections = (int) Math.max(0, ejections - Math.max(0, interval - forgiven)) + 1;
            double over = clock.seconds() + Math.min(LONGEST, BASE * ejections);
            forgiven = (long) Math.ceil(over / INTERVAL);
            ejectedUntil = forgiven * INTERVAL;
            ejected = true;
        }
    }
}
