package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds better values for the settings of each service by replaying what became of its calls. Safe for use by many threads;
 * never used on the way of a call.
 *
 * <p>Each value that is tried, one setting at a time, is replayed through all troubles of the history, as is the value that
 * holds now; the one that loses least is recommended, if it loses less than the present one by more than chance explains.
 * How a replay goes says {@link HistoryReplay}, what the order of calls and the fate of refused ones is taken to be
 * {@link TimelineBuilder}, what is kept of the history {@link HistoryDigest}.
 */
public final class ThresholdAdvisor {

    /** A minute is read this long after it is over: by then all instances have told of it. */
    private static final Duration SETTLED = Duration.ofMinutes(5);

    private final Map<String, Learner> learners = new LinkedHashMap<>();
    private final AdaptiveSettings settings;
    private final HistoryStore store;
    private final TimeSource time;

    /**
     * Creates one that knows nothing yet.
     *
     * @param baselines what is configured, by name of the service
     */
    public ThresholdAdvisor(
            Map<String, BreakerSettings> baselines, AdaptiveSettings settings, HistoryStore store, TimeSource time) {
        this.settings = settings;
        this.store = HistoryStore.spared(store, time);
        this.time = time;
        baselines.forEach((service, baseline) -> learners.put(service, new Learner(service, baseline)));
    }

    /** Names of the services that it advises. */
    public Set<String> services() {
        return Collections.unmodifiableSet(learners.keySet());
    }

    /**
     * Reads what is new of a service in the store: at first all of it, which takes a while. May wait.
     *
     * @throws UnknownServiceException if the service is not configured
     * @throws RuntimeException if the store cannot be read; what is known of the service stays known
     */
    public void refresh(String service) {
        learner(service).refresh();
    }

    /**
     * At most one recommendation for each parameter, from what was read. Each is meant for itself, with the others as they
     * are; each lies within {@link AdaptiveSettings#maxAdjustment()} of what is configured.
     *
     * @param current what the service is judged by now
     * @throws UnknownServiceException if the service is not configured
     */
    public List<Recommendation> advise(String service, BreakerSettings current) {
        return learner(service).advise(current);
    }

    private Learner learner(String service) {
        Learner learner = learners.get(service);
        if (learner == null) {
            throw new UnknownServiceException(service, learners.keySet());
        }
        return learner;
    }

    /** What is known of one service. */
    private final class Learner {
        private final String service;
        private final Candidates candidates;
        private final HistoryDigest digest;
        private final ReentrantLock lock = new ReentrantLock();
        private Instant readUntil = Instant.MIN;

        Learner(String service, BreakerSettings baseline) {
            this.service = service;
            this.candidates = new Candidates(baseline, settings.maxAdjustment());
            this.digest = new HistoryDigest(candidates);
        }

        void refresh() {
            Instant now = time.now();
            Instant settled = now.minus(SETTLED);
            Instant oldest = now.minus(settings.learningWindow());
            lock.lock();
            try {
                digest.forgetBefore(HistoryDigest.minuteOf(oldest));
                boolean isKnown = readUntil.isAfter(oldest) && !readUntil.isAfter(now);
                Instant since = isKnown ? readUntil : oldest;
                if (settled.isAfter(since)) {
                    store.read(service, since, minute -> read(minute, settled));
                    readUntil = settled;
                }
            } finally {
                lock.unlock();
            }
        }

        private void read(CallMinute minute, Instant settled) {
            boolean isOver = minute.start().isBefore(settled);
            if (isOver && minute.model().isEmpty() && minute.service().equals(service)) {
                digest.accept(minute);
            }
        }

        List<Recommendation> advise(BreakerSettings current) {
            lock.lock();
            try {
                if (digest.calls() < settings.minDataPoints() || !digest.isTroubled()) {
                    return List.of();
                }
                Timeline line = TimelineBuilder.of(digest);
                double quality = DataQuality.of(line, settings, HistoryDigest.minuteOf(time.now()))
                        .score();
                return new Trial(service, candidates, current, line, quality).recommendations();
            } finally {
                lock.unlock();
            }
        }
    }
}
