package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lets recorded episodes decide the fate of requests, one episode after the other and round again. */
final class Replay {

    private static final Logger log = LoggerFactory.getLogger(Replay.class);
    private static final double LONGEST_SECONDS = 60; // who needs longer has timed out, in the recording too
    private static final double ERROR_SIGMA = 0.8;
    private static final double NANOS = 1e9;

    private final ReplaySettings settings;
    private final List<Episode> episodes;
    private final double totalSeconds;
    private final double latencyScale;
    private final InstantSource time;
    private final RandomGenerator random;
    private final AtomicReference<Stretch.@Nullable Type> announced = new AtomicReference<>();
    private volatile Instant start;

    Replay(
            ReplaySettings settings,
            List<Episode> recorded,
            double latencyScale,
            InstantSource time,
            RandomGenerator random) {
        this.settings = settings;
        this.episodes = settings.select(recorded);
        this.totalSeconds = episodes.stream().mapToDouble(Episode::seconds).sum();
        this.latencyScale = latencyScale;
        this.time = time;
        this.random = random;
        this.start = time.instant();
    }

    String provider() {
        return settings.provider();
    }

    /** Begins with the first episode. */
    void rewind() {
        start = time.instant();
    }

    Fate nextFate() {
        Position now = position();
        announce(now);
        Stretch stretch = now.stretch();
        return random.nextDouble() < stretch.errorProbability() ? failure(now) : success(stretch);
    }

    private Fate success(Stretch stretch) {
        double seconds = lognormal(stretch.okMedianSeconds(), stretch.okSigma());
        return seconds < LONGEST_SECONDS ? Fate.success(played(seconds)) : timeout();
    }

    private Fate failure(Position now) {
        Fault fault = kind(now.stretch().shares());
        if (fault == Fault.GATEWAY_TIMEOUT) {
            return timeout();
        }
        Duration latency = played(lognormal(now.stretch().errorMedianSeconds(), ERROR_SIGMA));
        return new Fate(fault, latency, fault == Fault.RATE_LIMIT ? hint(now) : null);
    }

    private Fate timeout() {
        return new Fate(Fault.GATEWAY_TIMEOUT, played(LONGEST_SECONDS), null);
    }

    private Fault kind(Map<Fault, Double> shares) {
        double left = random.nextDouble();
        for (Map.Entry<Fault, Double> share : shares.entrySet()) {
            left -= share.getValue();
            if (left < 0) {
                return share.getKey();
            }
        }
        return Fault.SERVER_ERROR; // the shares are rounded and may add up to a little less than 1
    }

    private @Nullable Duration hint(Position now) {
        Double end = now.stretch().hintEndSecond();
        return end == null ? null : LatencyModel.seconds(Math.max(0, end - now.second()) / settings.speed());
    }

    private double lognormal(double median, double sigma) {
        return median * Math.exp(sigma * random.nextGaussian());
    }

    private Duration played(double seconds) {
        return LatencyModel.seconds(Math.min(LONGEST_SECONDS, seconds) / settings.speed() * latencyScale);
    }

    /** Logs if the behaviour is of another type than when last told. */
    void announce() {
        announce(position());
    }

    private void announce(Position now) {
        Stretch.Type type = now.stretch().type();
        if (announced.getAndSet(type) != type) {
            log.info(
                    "Replay of {}: {} ({} % errors, episode {}, second {})",
                    settings.provider(),
                    type,
                    Math.round(100 * now.stretch().errorProbability()),
                    now.episode().id(),
                    Math.round(now.second()));
        }
    }

    /** Real time until the next stretch begins. */
    Duration untilNextStretch() {
        Position now = position();
        double seconds = (now.stretch().toSecond() - now.second()) / settings.speed();
        return LatencyModel.seconds(seconds).plusMillis(1);
    }

    ObjectNode describe() {
        Position now = position();
        return Json.object()
                .put("speed", settings.speed())
                .put("recordedAt", now.episode().source())
                .put("episode", now.episode().id())
                .put("episodeNumber", now.number())
                .put("episodes", episodes.size())
                .put("second", Math.round(now.second()))
                .put("type", now.stretch().type().name())
                .put("errorProbability", now.stretch().errorProbability());
    }

    private Position position() {
        double elapsed = Duration.between(start, time.instant()).toNanos() / NANOS * settings.speed();
        double second = elapsed % totalSeconds;
        int index = 0;
        while (index < episodes.size() - 1 && second >= episodes.get(index).seconds()) {
            second -= episodes.get(index).seconds();
            index++;
        }
        return new Position(index + 1, episodes.get(index), second);
    }

    /** Where the replay is: the number of the episode counts from 1. */
    private record Position(int number, Episode episode, double second) {

        Stretch stretch() {
            return episode.at(second);
        }
    }
}
