package io.servicebreaker.coordination;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds services whose failures come together, and guesses why. Safe for use by many threads.
 *
 * <p>A call that fails is counted by one atomic addition; one that succeeds does nothing. All else is done by
 * {@link #analyse}, off the calls. What has been found can only explain failures that there are: a service that does not fail
 * is in no correlation.
 *
 * <p>Two tests are made. {@link JointBursts} finds services that begin to fail much more than usual at nearly the same time,
 * once. {@link RepeatedLags} finds pairs that fail a certain time after one another, many times. Both accept no more false
 * reports than the settings allow. Failures inside an outage are never compared with each other, as they come in clusters
 * whatever causes them. For the first window nothing is judged.
 *
 * <p>It keeps at most 6 KB for each service, 1.2 MB for 200, and at most {@value #RESOLVED} correlations that are over for at
 * most a day.
 */
public final class FailureCorrelation {

    /** Correlations that are over and still shown. */
    static final int RESOLVED = 50;

    private static final Duration SHOWN = Duration.ofDays(1);
    private static final double SHORTEST_LOOK = 0.05;
    private static final double NANOS = 1e9;
    /** Of the false reports that are accepted; the others come from pairs that repeat. */
    private static final double BY_BURSTS = 0.8;
    /** A pair fails rarely. */
    private static final int WINDOWS_OF_PAIRS = 3;

    private final List<CorrelatedService> services;
    private final Map<String, FailureTrack> byName = new LinkedHashMap<>();
    private final List<FailureTrack> tracks;
    private final double window;
    private final Predicate<String> isDown;
    private final TimeSource time;
    private final Events events;
    private final JointBursts joint;
    private final RepeatedLags repeated;
    private final long start;

    private final List<OngoingCorrelation> ongoing = new ArrayList<>();
    private final Deque<Correlation> resolved = new ArrayDeque<>();
    private final ExternalEvents external = new ExternalEvents();
    private double looked;
    private volatile Findings findings = Findings.NONE;

    /**
     * Begins to learn.
     *
     * @param services all whose failures are compared, with different names
     * @param isDown whether a service is not called because it failed: then its outage goes on without failures
     */
    public FailureCorrelation(
            List<CorrelatedService> services,
            CorrelationSettings settings,
            Predicate<String> isDown,
            TimeSource time,
            Events events) {
        this.isDown = isDown;
        this.services = List.copyOf(services);
        this.services.forEach(service -> byName.put(service.name(), new FailureTrack(service)));
        this.tracks = List.copyOf(byName.values());
        this.window = settings.windowSeconds();
        this.time = time;
        this.events = events;
        double accepted = settings.falseReportsPerHour();
        this.joint = new JointBursts(tracks, accepted * BY_BURSTS);
        this.repeated = new RepeatedLags(tracks, window, accepted * (1 - BY_BURSTS));
        this.start = time.nanos();
    }

    /**
     * Counts the failures of a service.
     *
     * @throws UnknownServiceException if it is none of ours
     */
    public CallListener listenerFor(String service) {
        return track(service).counts();
    }

    private FailureTrack track(String service) {
        FailureTrack track = byName.get(service);
        if (track == null) {
            throw new UnknownServiceException(service, byName.keySet());
        }
        return track;
    }

    /** Tells of something that happened elsewhere. It creates no correlation, and is forgotten after an hour. */
    public synchronized void post(ExternalEvent event) {
        external.add(event);
        findings = findings();
    }

    /** Looks at what failed since the last time. Best called each second. */
    public synchronized void analyse() {
        double now = (time.nanos() - start) / NANOS;
        if (now - looked < SHORTEST_LOOK) {
            return;
        }
        List<FailureTrack> begun = look(now);
        begun.forEach(track -> joinBursts(track));
        if (!begun.isEmpty()) {
            findBursts(now);
        }
        repeated.look(now, pair -> found(pair, now));
        ongoing.forEach(correlation -> correlation.look(now, isDown));
        external.expire(time.now());
        resolve(now);
        if (!ongoing.isEmpty() || !findings.isEmpty() || anyBurst()) {
            findings = findings();
        }
    }

    private List<FailureTrack> look(double now) {
        boolean judges = now > window;
        List<FailureTrack> begun = new ArrayList<>();
        for (FailureTrack track : tracks) {
            if (track.look(looked, now, judges)) {
                begun.add(track);
            }
        }
        looked = now;
        return begun;
    }

    private boolean anyBurst() {
        for (FailureTrack track : tracks) {
            if (track.inBurst()) {
                return true;
            }
        }
        return false;
    }

    private void joinBursts(FailureTrack begun) {
        for (OngoingCorrelation correlation : ongoing) {
            JointBursts.Found set = correlation.bursts();
            if (set != null && correlation.members().contains(begun)) {
                begun.claim();
            } else if (set != null) {
                JointBursts.Found joined = joint.join(set, begun);
                if (joined != null) {
                    correlation.extend(joined);
                }
            }
        }
    }

    private void findBursts(double now) {
        JointBursts.Found found = joint.find(now);
        if (found == null) {
            return;
        }
        open(OngoingCorrelation.of(found, window, now), now);
        for (FailureTrack track : tracks) {
            if (track.inBurst() && !track.isClaimed()) {
                joinBursts(track);
            }
        }
    }

    private void found(RepeatedLags.Found pair, double now) {
        for (OngoingCorrelation correlation : ongoing) {
            boolean first = correlation.members().contains(pair.first());
            boolean second = correlation.members().contains(pair.second());
            if (correlation.isByBursts() ? first && second : first || second) {
                correlation.repeat(pair, now);
                return;
            }
        }
        open(OngoingCorrelation.of(pair, WINDOWS_OF_PAIRS * window, now), now);
    }

    private void open(OngoingCorrelation correlation, double now) {
        ongoing.add(correlation);
        events.publish(new FailuresCorrelated(at(now), view(correlation, null)));
    }

    private void resolve(double now) {
        for (OngoingCorrelation correlation : List.copyOf(ongoing)) {
            if (correlation.isOver(now)) {
                ongoing.remove(correlation);
                Correlation over = view(correlation, at(correlation.lastEvidence()));
                resolved.addFirst(over);
                events.publish(new FailuresCorrelated(at(now), over));
            }
        }
        Instant oldest = time.now().minus(SHOWN);
        while (!resolved.isEmpty() && (resolved.size() > RESOLVED || isBefore(resolved.getLast(), oldest))) {
            resolved.removeLast();
        }
    }

    private static boolean isBefore(Correlation over, Instant oldest) {
        Instant resolvedAt = over.resolvedAt();
        return resolvedAt != null && resolvedAt.isBefore(oldest);
    }

    private Correlation view(OngoingCorrelation correlation, @Nullable Instant resolvedAt) {
        return correlation.view(this::at, resolvedAt, services, external);
    }

    private Instant at(double seconds) {
        return time.at(start + (long) (seconds * NANOS));
    }

    private Findings findings() {
        List<Correlation> open = ongoing.stream()
                .map(correlation -> view(correlation, null))
                .sorted(Comparator.comparing(Correlation::since).reversed())
                .toList();
        List<Correlation> bursts = tracks.stream()
                .filter(track -> track.inBurst() && !track.isClaimed())
                .map(this::burst)
                .sorted(Comparator.comparing(Correlation::since).reversed())
                .toList();
        Map<String, Double> strengths = new LinkedHashMap<>();
        Map<String, Set<String>> together = new LinkedHashMap<>();
        for (OngoingCorrelation correlation : ongoing) {
            for (FailureTrack member : correlation.members()) {
                strengths.merge(member.name(), correlation.strength(member), Math::max);
                Set<String> others = together.computeIfAbsent(member.name(), name -> new LinkedHashSet<>());
                correlation.members().stream()
                        .filter(other -> other != member)
                        .forEach(other -> others.add(other.name()));
            }
        }
        return new Findings(Stream.concat(open.stream(), resolved.stream()).toList(), bursts, strengths, together);
    }

    private Correlation burst(FailureTrack track) {
        return new Correlation(
                Correlation.Kind.BURST,
                List.of(track.name()),
                at(track.from()),
                null,
                track.burstFailures(),
                track.lift(),
                FailureTrack.FALSE_ALARMS_PER_HOUR,
                Duration.ZERO,
                SharedCause.UNKNOWN,
                0,
                track.name() + " alone fails far more often than usual.");
    }

    /** Pairs and groups that fail together, newest first, and after them those that are over. */
    public List<Correlation> correlations() {
        return findings.correlations;
    }

    /** Services that fail far more often than usual without any other, newest first. */
    public List<Correlation> bursts() {
        return findings.bursts;
    }

    /** How strongly the failures of a service belong to those of others now, 0 to 1; 0 if it fails alone or not at all. */
    public double correlated(String service) {
        return findings.strengths.getOrDefault(service, 0.0);
    }

    /** The services that fail together with a service now, without itself. */
    public Set<String> failingWith(String service) {
        return findings.together.getOrDefault(service, Set.of());
    }

    /** Failures of a service since the start that belong to a correlation, as far as they have been looked at. */
    public synchronized long correlatedFailures(String service) {
        return track(service).correlated();
    }

    private record Findings(
            List<Correlation> correlations,
            List<Correlation> bursts,
            Map<String, Double> strengths,
            Map<String, Set<String>> together) {

        static final Findings NONE = new Findings(List.of(), List.of(), Map.of(), Map.of());

        boolean isEmpty() {
            return correlations.isEmpty() && bursts.isEmpty();
        }
    }
}
