package io.servicebreaker.adaptive;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A month that is over, written minute by minute, and whoever learns from it. */
final class Past implements HistoryStore {

    /** Without chance, so that replays are easy to reckon. */
    static final BreakerSettings BASELINE = BreakerSettings.defaults().toBuilder()
            .recoveryJitter(0.0)
            .early(false, false)
            .build();

    final FakeTime time = new FakeTime();
    final List<CallMinute> minutes = new ArrayList<>();
    final List<Instant> reads = new ArrayList<>();
    private final Instant begin = time.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofDays(29));
    private BreakerSettings baseline = BASELINE;
    private AdaptiveSettings settings = AdaptiveSettings.DEFAULTS;

    Past configured(UnaryOperator<BreakerSettings> change) {
        baseline = change.apply(baseline);
        return this;
    }

    Past maxAdjustment(double share) {
        settings = new AdaptiveSettings(
                AdaptiveSettings.Mode.RECOMMEND,
                settings.learningWindow(),
                settings.minDataPoints(),
                share,
                settings.adjustmentCooldown(),
                settings.confidenceThreshold(),
                false,
                settings.realTimeSensitivity());
        return this;
    }

    Minutes minute(long number) {
        return Minutes.at(begin.plus(Duration.ofMinutes(number)));
    }

    /** Adds the minutes from one on, the last of which is healthy. */
    Past add(Minutes... each) {
        for (Minutes one : each) {
            minutes.add(one.build());
        }
        return this;
    }

    /** Healthy minutes from one to another, with so many calls each. */
    Past healthy(long from, long to, long calls) {
        for (long i = from; i < to; i++) {
            add(minute(i).good(calls));
        }
        return this;
    }

    /** The same trouble again and again, three hours apart, in otherwise healthy traffic. */
    Past troubles(int count, int lasting, long calls, Trouble trouble) {
        for (int i = 0; i < count; i++) {
            long start = i * 180L;
            healthy(start, start + 60, calls);
            for (int j = 0; j < lasting; j++) {
                add(trouble.write(minute(start + 60 + j), i, j));
            }
            healthy(start + 60 + lasting, start + 120, calls);
        }
        return this;
    }

    interface Trouble {

        /** Fills a minute of a trouble. */
        Minutes write(Minutes minute, int trouble, int nth);
    }

    ThresholdAdvisor advisor() {
        ThresholdAdvisor advisor = new ThresholdAdvisor(Map.of(Minutes.SERVICE, baseline), settings, this, time);
        advisor.refresh(Minutes.SERVICE);
        return advisor;
    }

    List<Recommendation> recommendations() {
        return advisor().advise(Minutes.SERVICE, baseline);
    }

    BreakerSettings baseline() {
        return baseline;
    }

    @Override
    public void append(List<CallMinute> more) {
        minutes.addAll(more);
    }

    @Override
    public void read(String service, Instant since, Consumer<CallMinute> reader) {
        reads.add(since);
        minutes.stream().filter(minute -> !minute.start().isBefore(since)).forEach(reader);
    }

    @Override
    public void readHours(String service, Instant since, Consumer<CallMinute> reader) {
        throw new UnsupportedOperationException();
    }
}
