package io.servicebreaker.benchmarks.replay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Replays the episodes of each provider, one after the other, against one set of guards that lives through all of them.
 *
 * <p>An answer reaches the guard when the call ends, in the order of time among all that happens.
 */
final class Replay {

    /** Seconds between two episodes. */
    private static final double PAUSE = 300;

    private final Collection<List<Episode>> streams;
    private final double rate;
    private final long seed;

    /**
     * Prepares one.
     *
     * @param rate calls a second for each service
     * @param stride of the episodes of each provider, every how many-th counts
     */
    Replay(List<Episode> episodes, double rate, int stride, long seed) {
        this.rate = rate;
        this.seed = seed;
        Map<String, List<Episode>> byProvider = episodes.stream()
                .collect(Collectors.groupingBy(Episode::provider, LinkedHashMap::new, Collectors.toList()));
        this.streams = byProvider.values().stream()
                .map(stream -> everyNth(stream, stride))
                .toList();
    }

    private static List<Episode> everyNth(List<Episode> stream, int stride) {
        List<Episode> chosen = new ArrayList<>();
        for (int i = 0; i < stream.size(); i += stride) {
            chosen.add(stream.get(i));
        }
        return chosen;
    }

    /** What a policy makes of them. */
    Tally run(Policy policy) {
        Tally tally = new Tally(rate);
        streams.forEach(stream -> new Run(stream, policy, tally).all());
        return tally;
    }

    /** One stream with one policy. */
    private final class Run {

        private final List<Episode> stream;
        private final Tally tally;
        private final VirtualClock clock = new VirtualClock();
        private final Map<String, ? extends Policy.Gatekeeper> guards;
        private final PriorityQueue<Pending> pending = new PriorityQueue<>(Pending.BY_END);
        private long count;

        Run(List<Episode> stream, Policy policy, Tally tally) {
            this.stream = stream;
            this.tally = tally;
            TreeSet<String> services = new TreeSet<>();
            stream.forEach(episode -> episode.services().forEach(service -> services.add(service.name())));
            this.guards = policy.guard(stream.get(0).provider(), services, clock);
        }

        void all() {
            double begin = 0;
            for (Episode episode : stream) {
                one(episode, begin);
                begin += episode.end() + PAUSE;
                endUntil(begin);
            }
        }

        private void one(Episode episode, double begin) {
            List<Lane> lanes = episode.services().stream()
                    .map(service -> new Lane(
                            service,
                            Objects.requireNonNull(guards.get(service.name())),
                            new Arrivals(episode, service, rate, seed),
                            tally.track(episode, service)))
                    .toList();
            for (Lane lane = first(lanes); lane.next() < Double.POSITIVE_INFINITY; lane = first(lanes)) {
                double now = begin + lane.next();
                endUntil(now);
                clock.moveTo(now);
                call(lane, begin);
            }
            tally.ended(episode);
        }

        private Lane first(List<Lane> lanes) {
            Lane first = lanes.get(0);
            for (Lane lane : lanes) {
                first = lane.next() < first.next() ? lane : first;
            }
            return first;
        }

        private void call(Lane lane, double begin) {
            int index = lane.arrivals.stretch();
            Stretch stretch = lane.service.stretches().get(index);
            Losses losses = lane.service.losses().get(index);
            Stretch.Draw draw = lane.arrivals.draw();
            Policy.Attempt attempt = lane.guard.begin(losses);
            lane.track.decided(lane.next(), stretch, losses, attempt != null);
            if (attempt != null) {
                Answer answer = stretch.answer(draw);
                double end = clock.seconds() + answer.seconds();
                pending.add(new Pending(end, count++, attempt, answer, hint(stretch, begin)));
            }
            lane.arrivals.advance();
        }

        private double hint(Stretch stretch, double begin) {
            return stretch.hintEnd() == null ? Double.NaN : begin + stretch.hintEnd();
        }

        private void endUntil(double seconds) {
            for (Pending first = pending.peek(); first != null && first.end <= seconds; first = pending.peek()) {
                pending.remove();
                clock.moveTo(first.end);
                first.attempt.ended(first.answer, first.retryAfter());
            }
        }
    }

    /** A service in an episode. */
    private record Lane(Episode.Service service, Policy.Gatekeeper guard, Arrivals arrivals, Tally.Track track) {

        double next() {
            return arrivals.next();
        }
    }

    /** A call under way. */
    private record Pending(double end, long number, Policy.Attempt attempt, Answer answer, double hint) {

        static final Comparator<Pending> BY_END =
                Comparator.comparingDouble(Pending::end).thenComparingLong(Pending::number);

        long retryAfter() {
            boolean told = answer.kind() == Answer.Kind.RATE_LIMITED && !Double.isNaN(hint);
            return told ? Math.max(1, (long) Math.ceil(hint - end)) : 0;
        }
    }
}
