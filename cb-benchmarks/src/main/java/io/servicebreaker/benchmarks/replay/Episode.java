package io.servicebreaker.benchmarks.replay;

import java.util.List;

/**
 * An incident of one provider with the time around it.
 *
 * @param services each with traffic
 */
record Episode(String id, String provider, List<Service> services) {

    /**
     * A service during an episode.
     *
     * @param affected whether the incident hits it
     * @param stretches in order of time, without gaps
     * @param losses of each stretch
     */
    record Service(String name, boolean affected, List<Stretch> stretches, List<Losses> losses) {

        static Service of(String name, boolean affected, List<Stretch> stretches) {
            return new Service(
                    name,
                    affected,
                    List.copyOf(stretches),
                    stretches.stream().map(Losses::in).toList());
        }

        double end() {
            return stretches.get(stretches.size() - 1).to();
        }

        /** Seconds at which the incident begins for it; infinite if it does not. */
        double incidentFrom() {
            return stretches.stream()
                    .filter(stretch -> stretch.kind().isPartOfIncident())
                    .mapToDouble(Stretch::from)
                    .min()
                    .orElse(Double.POSITIVE_INFINITY);
        }

        /** Seconds at which the incident ends for it; infinite if it has none. */
        double incidentTo() {
            return stretches.stream()
                    .filter(stretch -> stretch.kind().isPartOfIncident())
                    .mapToDouble(Stretch::to)
                    .max()
                    .orElse(Double.POSITIVE_INFINITY);
        }
    }

    double end() {
        return services.stream().mapToDouble(Service::end).max().orElse(0);
    }

    /** Calls at one call a second, by which a loss is divided: of all services that are hit, a while after it included. */
    double weight() {
        double length = services.stream()
                .filter(service -> Double.isFinite(service.incidentTo()))
                .mapToDouble(service -> service.incidentTo() - service.incidentFrom())
                .max()
                .orElse(0);
        long affected = services.stream().filter(Service::affected).count();
        return Math.max(1, affected) * (length + AFTERMATH);
    }

    /** Seconds after an incident that belong to it. */
    private static final double AFTERMATH = 600;
}
