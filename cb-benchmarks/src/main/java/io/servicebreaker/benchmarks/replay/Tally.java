package io.servicebreaker.benchmarks.replay;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a policy has lost more than an oracle would have, who knows how a service behaves but not the fate of a call, and by
 * what. Used by one thread.
 */
final class Tally {

    /** Seconds after an incident in which a refusal is a late one. */
    private static final double LATE = 600;

    /** Where something is lost. */
    enum Part {
        /** Calls let through in an incident before the first refusal. */
        DETECT,
        /** Probes and flapping inside an incident. */
        LEAK,
        /** Calls let through in a short disturbance. */
        BENIGN,
        /** Calls refused while all is well. */
        FALSE,
        /** Calls refused in an incident too mild for that. */
        MILD,
        /** Calls refused after recovery. */
        LATE
    }

    private final double rate;
    private final Map<Part, Double> lost = new EnumMap<>(Part.class);
    private final Map<Part, Double> inEpisode = new EnumMap<>(Part.class);
    private final List<Double> secondsToOpen = new ArrayList<>();
    private final List<Double> secondsToClose = new ArrayList<>();
    private final List<Track> tracks = new ArrayList<>();
    private long calls;
    private long refused;

    Tally(double rate) {
        this.rate = rate;
    }

    Track track(Episode episode, Episode.Service service) {
        Track track = new Track(service);
        tracks.add(track);
        return track;
    }

    /** An episode is over: each counts as much as another, however long it is. */
    void ended(Episode episode) {
        double weight = rate * episode.weight();
        inEpisode.forEach((part, loss) -> lost.merge(part, loss / weight, Double::sum));
        inEpisode.clear();
        tracks.forEach(Track::ended);
        tracks.clear();
    }

    double lost() {
        return lost.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    double lost(Part part) {
        return lost.getOrDefault(part, 0.0);
    }

    /**
     * Median of the seconds from the first call of an incident that should be refused to the first that is; not a number if
     * none opened.
     */
    double secondsToOpen() {
        return secondsToOpen.isEmpty() ? Double.NaN : median(secondsToOpen);
    }

    /** Median of the seconds from the end of an incident that was noticed to the last refusal that follows from it. */
    double secondsToClose() {
        return secondsToClose.isEmpty() ? Double.NaN : median(secondsToClose);
    }

    double shareRefused() {
        return calls == 0 ? 0 : (double) refused / calls;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** One service in one episode. */
    final class Track {

        private final double incidentFrom;
        private final double incidentTo;
        private double firstBad = Double.NaN;
        private double firstRefusal = Double.NaN;
        private double lastRefusal = Double.NaN;

        private Track(Episode.Service service) {
            this.incidentFrom = service.incidentFrom();
            this.incidentTo = service.incidentTo();
        }

        void decided(double at, Stretch stretch, Losses losses, boolean allowed) {
            calls++;
            refused += allowed ? 0 : 1;
            boolean inIncident = at >= incidentFrom && at < incidentTo;
            if (inIncident && losses.isBad() && Double.isNaN(firstBad)) {
                firstBad = at;
            }
            if (!allowed) {
                refusedAt(at, inIncident);
            }
            double regret = (allowed ? losses.allowing() : losses.refusing()) - losses.least();
            if (regret > 0) {
                inEpisode.merge(allowed ? allowedBad(stretch, at) : refusedGood(stretch, at), regret, Double::sum);
            }
        }

        private void refusedAt(double at, boolean inIncident) {
            if (inIncident && !Double.isNaN(firstBad) && Double.isNaN(firstRefusal)) {
                firstRefusal = at;
            }
            if (at >= incidentTo && at < incidentTo + LATE) {
                lastRefusal = at;
            }
        }

        private Part allowedBad(Stretch stretch, double at) {
            boolean isIncident = stretch.kind().isPartOfIncident() || stretch.kind() == Stretch.Kind.RESIDUAL;
            if (!isIncident) {
                return Part.BENIGN;
            }
            return Double.isNaN(firstRefusal) || at < firstRefusal ? Part.DETECT : Part.LEAK;
        }

        private Part refusedGood(Stretch stretch, double at) {
            if (stretch.kind().isPartOfIncident()) {
                return Part.MILD;
            }
            return at >= incidentTo && at < incidentTo + LATE ? Part.LATE : Part.FALSE;
        }

        private void ended() {
            if (!Double.isNaN(firstRefusal)) {
                secondsToOpen.add(firstRefusal - firstBad);
                secondsToClose.add(Double.isNaN(lastRefusal) ? 0 : lastRefusal - incidentTo);
            }
        }
    }
}
