package io.servicebreaker.coordination;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds services whose bursts began too close together to be independent. Of one thread.
 *
 * <p>Bursts of independent services begin like Poisson processes, whatever happens inside them. Then sets of k services with
 * rates r of which all begin within s come at the rate {@code k · s^(k-1) · r1 · … · rk}, which is the expected number of
 * accidental coincidences of counting experiments (C. Eckart and F. R. Shonka, Accidental Coincidences in Counter Circuits,
 * Physical Review 53, 1938). As it is a rate, testing each second needs no correction of its own. Each of the sets of one size
 * may have an equal part of the false reports that are accepted, and sets of k services together 1/2^(k-1) of them
 * (Bonferroni). Half of the false reports are kept for sets that share a provider, which are few and likelier to have a cause
 * in common (weights as in C. Genovese, K. Roeder, L. Wasserman, False discovery control with p-value weighting, Biometrika 93,
 * 2006).
 */
final class JointBursts {

    /** Between the first and the last of a set to begin, in seconds. */
    static final double LONGEST_SPAN = 120;

    private static final double HOUR = 3600;
    /** Before the first look, in as many hours as follow: eight an hour, until there is more to go by. */
    private static final double ASSUMED_BURSTS = 2;

    private static final double ASSUMED_HOURS = 0.25;

    private final List<FailureTrack> tracks;
    private final double logAccepted;
    private final Family all;
    /** Those of one provider, by its name. */
    private final Map<String, Family> families = new LinkedHashMap<>();

    /** Services of which sets are looked for, and the logarithm of how many sets there are of each size, weighted. */
    private static final class Family {

        private final List<FailureTrack> tracks;
        private final double[] logSets;

        /**
         * Creates it.
         *
         * @param weight how many times as rare its false reports have to be
         */
        Family(List<FailureTrack> tracks, double weight) {
            int n = tracks.size();
            this.tracks = tracks;
            this.logSets = new double[n + 1];
            logSets[0] = Math.log(weight);
            for (int k = 1; k <= n; k++) {
                logSets[k] = logSets[k - 1] + Math.log((double) (n - k + 1) / k);
            }
        }
    }

    /**
     * Creates it.
     *
     * @param accepted false reports in an hour
     */
    JointBursts(List<FailureTrack> tracks, double accepted) {
        this.tracks = tracks;
        this.logAccepted = Math.log(accepted);
        Map<String, List<FailureTrack>> byProvider = new LinkedHashMap<>();
        for (FailureTrack track : tracks) {
            byProvider
                    .computeIfAbsent(track.service().provider(), provider -> new ArrayList<>())
                    .add(track);
        }
        byProvider.remove("");
        byProvider.values().removeIf(those -> those.size() < 2 || those.size() == tracks.size());
        int weight = byProvider.isEmpty() ? 1 : 2;
        this.all = new Family(tracks, weight);
        byProvider.forEach((provider, those) -> families.put(provider, new Family(those, weight * byProvider.size())));
    }

    /**
     * Bursts that began together.
     *
     * @param logReports logarithm of how many such sets are expected in an hour by chance, corrected for the number of sets
     * @param logExpected the same of this set alone
     */
    record Found(List<FailureTrack> members, double from, double to, double logReports, double logExpected) {

        /** Between the ends of the looks before the first and after the last of them. */
        double span() {
            return to - from;
        }

        double latest() {
            return members.stream().mapToDouble(FailureTrack::from).max().orElse(from);
        }
    }

    private record Candidate(FailureTrack track, double logRate) {

        static Candidate of(FailureTrack track, double pooled) {
            return new Candidate(track, Math.log(track.burstRate().perHour(pooled)));
        }
    }

    /** The set of services not yet in a correlation that is the least likely by chance; null if all may be chance. */
    @Nullable
    Found find(double now) {
        Found best = find(all, now, null);
        for (Family family : families.values()) {
            best = find(family, now, best);
        }
        return best == null || best.logReports > logAccepted ? null : best;
    }

    private @Nullable Found find(Family family, double now, @Nullable Found bestBefore) {
        List<FailureTrack> bursts = bursts(family, now);
        Found best = bestBefore;
        for (int i = 0; i < bursts.size(); i++) {
            double from = bursts.get(i).from();
            double pooled = pooledPerHour(from);
            List<Candidate> window = new ArrayList<>();
            for (int j = i; j < bursts.size() && bursts.get(j).to() - from <= LONGEST_SPAN; j++) {
                insert(window, Candidate.of(bursts.get(j), pooled));
                best = better(best, family, window, bursts.get(j).to() - from);
            }
        }
        return best;
    }

    /** Whether a burst that has just been found belongs to a set found before: then the set with it, else null. */
    @Nullable
    Found join(Found set, FailureTrack other) {
        double from = Math.min(set.from, other.from());
        double to = Math.max(set.to, other.to());
        if (to - from > LONGEST_SPAN) {
            return null;
        }
        double pooled = pooledPerHour(from);
        double logRates = Math.log(other.burstRate().perHour(pooled));
        for (FailureTrack member : set.members) {
            logRates += Math.log(member.burstRate().perHour(pooled));
        }
        List<FailureTrack> members = new ArrayList<>(set.members);
        members.add(other);
        Found joined = found(familyOf(members), members, logRates);
        return joined.logReports <= logAccepted ? joined : null;
    }

    private Family familyOf(List<FailureTrack> members) {
        String provider = members.get(0).service().provider();
        boolean isShared =
                members.stream().allMatch(member -> member.service().provider().equals(provider));
        return isShared ? families.getOrDefault(provider, all) : all;
    }

    private static List<FailureTrack> bursts(Family family, double now) {
        return family.tracks.stream()
                .filter(track -> track.inBurst() && !track.isClaimed() && now - track.from() <= 2 * LONGEST_SPAN)
                .sorted(Comparator.comparingDouble(FailureTrack::from))
                .toList();
    }

    /** Also with the bursts that began before a set of others and may belong to another. */
    private double pooledPerHour(double before) {
        double bursts = ASSUMED_BURSTS;
        double hours = ASSUMED_HOURS;
        for (FailureTrack track : tracks) {
            bursts += track.burstRate().bursts() + (track.isUnexplainedBefore(before) ? 1 : 0);
            hours += track.burstRate().seconds() / HOUR;
        }
        return bursts / hours;
    }

    private static void insert(List<Candidate> byRate, Candidate added) {
        int place = 0;
        while (place < byRate.size() && byRate.get(place).logRate <= added.logRate) {
            place++;
        }
        byRate.add(place, added);
    }

    /** The rarest of a window's services are the least likely set of each size. */
    private static @Nullable Found better(@Nullable Found best, Family family, List<Candidate> byRate, double span) {
        double logRates = 0;
        int bestSize = 0;
        double bestReports = best == null ? Double.POSITIVE_INFINITY : best.logReports;
        double bestRates = 0;
        for (int k = 1; k <= byRate.size(); k++) {
            logRates += byRate.get(k - 1).logRate;
            double reports = logReports(family, k, logRates, span);
            if (k > 1 && reports < bestReports) {
                bestReports = reports;
                bestSize = k;
                bestRates = logRates;
            }
        }
        return bestSize == 0 ? best : found(family, rarest(byRate, bestSize), bestRates);
    }

    private static List<FailureTrack> rarest(List<Candidate> byRate, int size) {
        List<FailureTrack> members = new ArrayList<>();
        byRate.subList(0, size).forEach(candidate -> members.add(candidate.track));
        return members;
    }

    private static Found found(Family family, List<FailureTrack> members, double logRates) {
        members.sort(Comparator.comparingDouble(FailureTrack::from));
        double from = members.get(0).from();
        double to = members.stream().mapToDouble(FailureTrack::to).max().orElse(from);
        int k = members.size();
        return new Found(
                members, from, to, logReports(family, k, logRates, to - from), logExpected(k, logRates, to - from));
    }

    private static double logReports(Family family, int k, double logRates, double span) {
        return logExpected(k, logRates, span) + family.logSets[k] + (k - 1) * Math.log(2);
    }

    private static double logExpected(int k, double logRates, double span) {
        return Math.log(k) + (k - 1) * Math.log(span / HOUR) + logRates;
    }
}
