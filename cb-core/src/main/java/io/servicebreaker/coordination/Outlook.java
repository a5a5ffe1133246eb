package io.servicebreaker.coordination;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSnapshot;
import io.servicebreaker.breaker.BreakerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How the services are, all looked at in one go. Immutable. */
final class Outlook {

    /**
     * How much one service alone can take from the whole if it is all that matters. With a value below 1 the whole is not
     * lost before all of it is: of four services that matter alike, each one that is down makes one step of the default
     * {@code degradation-steps}.
     */
    private static final double SEVEREST = 0.8;

    private final List<Condition> conditions = new ArrayList<>();

    /**
     * How one service is.
     *
     * @param health 0 to 1
     * @param correlation how far its failures belong to trouble that others have too, 0 to 1
     */
    record Condition(CoordinatedService service, BreakerSnapshot breaker, double health, double correlation) {

        boolean isDown() {
            return SystemHealth.isDown(breaker.state());
        }

        boolean hasFailed() {
            return isDown() && breaker.state() != BreakerState.FORCED_OPEN && !isDue(breaker);
        }

        /** Trouble in company is worse than the same trouble alone, and no trouble is none in any company. */
        private double severity() {
            return Math.pow(1 - health, 1 / (1 + correlation));
        }
    }

    Outlook(Collection<Condition> conditions) {
        this.conditions.addAll(conditions);
    }

    static Condition condition(CoordinatedService service, Breaker breaker, Vitals vitals) {
        BreakerSnapshot seen = breaker.snapshot();
        String name = service.name();
        double health = isDue(seen) ? HealthScore.WELL : HealthScore.of(seen);
        health *= within(vitals.signals(name));
        return new Condition(service, seen, health, within(vitals.correlation(name)));
    }

    /** It may be called, and nobody does: what is not used is not missing. */
    private static boolean isDue(BreakerSnapshot breaker) {
        return breaker.state() == BreakerState.OPEN && Duration.ZERO.equals(breaker.retryAfter());
    }

    /** What others say may be nonsense, and not a number would spread. */
    private static double within(double share) {
        return Double.isNaN(share) ? 0 : Math.max(0, Math.min(1, share));
    }

    List<Condition> conditions() {
        return conditions;
    }

    /** The mean, weighted with what matters. */
    double health() {
        double weights = 0;
        double sum = 0;
        for (Condition condition : conditions) {
            weights += condition.service.criticality();
            sum += condition.service.criticality() * condition.health;
        }
        return weights == 0 ? HealthScore.WELL : sum / weights;
    }

    /**
     * A noisy-or over the services: 1 less the product of what each one leaves of the whole, {@code 1 - 0.8 s} for a
     * severity {@code s}, to the power of its share in what matters; scaled so that it is 1 when all are down. It rises
     * with each severity, and is 0 when all are.
     *
     * <p>Source of the noisy-or: J. Pearl, <i>Probabilistic Reasoning in Intelligent Systems</i>, 1988, section 4.3.2.
     */
    double degradation() {
        double weights = conditions.stream()
                .mapToDouble(condition -> condition.service.criticality())
                .sum();
        double left = 0;
        for (Condition condition : conditions) {
            left += condition.service.criticality() / weights * Math.log1p(-SEVEREST * condition.severity());
        }
        return Math.max(0.0, Math.min(1, -Math.expm1(left) / SEVEREST)); // no negative zero
    }

    /** The services that failed, without those whose loss is no incident, that operators hold, or that nobody calls. */
    List<String> down() {
        return conditions.stream()
                .filter(condition -> condition.hasFailed() && !condition.service.spared())
                .map(condition -> condition.service.name())
                .toList();
    }
}
