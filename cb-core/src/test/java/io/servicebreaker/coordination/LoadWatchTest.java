package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LoadWatchTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTime time = new FakeTime();
    private final HandMovedLoad load = new HandMovedLoad();
    private final LoadWatch watch = new LoadWatch(load, CoordinationSettings.DEFAULTS, true, time);

    @Test
    void refusesNothingUpToTheThreshold() {
        collect(0.9);

        assertThat(watch.reading()).isEqualTo(new LoadReading(0.9, 0, 0, 0, false, ""));
    }

    @Test
    void refusesAShareThatGrowsFromTheThresholdToAll() {
        collect(0.93);
        assertThat(watch.reading().share()).isCloseTo(0.3, within(1e-9));
        assertThat(watch.reading().reason()).isEqualTo("heap is 93 % full after collection");

        collect(0.98);
        assertThat(watch.reading().share()).isCloseTo(0.8, within(1e-9));

        collect(1);
        assertThat(watch.reading().share()).isEqualTo(1);
    }

    @Test
    void neverRefusesWithAThresholdOfOne() {
        LoadWatch off = new LoadWatch(load, settings(1), true, time);
        load.cpu = 1;
        for (int i = 0; i < 600; i++) {
            load.collectedTo(1);
            pass(off, 1);
        }

        assertThat(off.reading().share()).isZero();
        assertThat(off.reading().shedding()).isFalse();
        assertThat(off.exhaustion()).isNull();
    }

    @Test
    void takesTheProcessorsForBusyOnlyWhenTheyHaveBeenForAWhile() {
        load.cpu = 1;
        pass(30);
        assertThat(watch.reading().share()).isZero();

        pass(30);

        assertThat(watch.reading().share()).isGreaterThan(0.5);
        assertThat(watch.reading().reason()).isEqualTo("the processors are 98 % busy");
    }

    @Test
    void heedsBusyProcessorsOnlyWhereSomeServicesMatterMore() {
        LoadWatch equal = new LoadWatch(load, CoordinationSettings.DEFAULTS, false, time);
        load.cpu = 1;
        pass(equal, 60);

        assertThat(equal.reading().cpu()).isGreaterThan(0.95);
        assertThat(equal.reading().share()).isZero();
        assertThat(equal.reading().shedding()).isFalse();
    }

    @Test
    void takesOneReadingAfterALongPauseForNoMoreThanItIs() {
        load.cpu = 1;
        time.advance(Duration.ofDays(1));

        watch.look();

        assertThat(watch.reading().cpu()).isLessThan(0.1);
    }

    @Test
    void fallsSlowlyAndIsOverAWhileAfterThat() {
        collect(1);
        collect(0.5);
        assertThat(watch.reading().share()).isCloseTo(0.9, within(1e-9));
        assertThat(watch.reading().reason()).isEqualTo("heap is 100 % full after collection");

        pass(9);
        assertThat(watch.reading().share()).isZero();
        assertThat(watch.reading().shedding()).isTrue();
        pass(8);
        assertThat(watch.reading().shedding()).isTrue();

        pass(2);

        assertThat(watch.reading()).isEqualTo(new LoadReading(0.5, 0, 0, 0, false, ""));
    }

    @Test
    void isNotOverWhileTheLoadIsAboutTheThreshold() {
        collect(0.91);
        for (int i = 0; i < 30; i++) {
            collect(0.86);
        }
        assertThat(watch.reading().share()).isZero();
        assertThat(watch.reading().shedding()).isTrue();

        for (int i = 0; i < 10; i++) {
            collect(0.84);
        }

        assertThat(watch.reading().shedding()).isFalse();
    }

    @Test
    void beginsAndEndsNoMoreThanOnceInItsDwellHoweverTheLoadWavers() {
        int changes = 0;
        boolean before = false;
        for (int i = 0; i < 100; i++) {
            collect(i % 2 == 0 ? 0.95 : 0.5);
            changes += watch.reading().shedding() == before ? 0 : 1;
            before = watch.reading().shedding();
        }

        assertThat(changes).isEqualTo(1);
    }

    @Test
    void takesAFullHeapForNoLoadThatNothingIsCollectedFrom() {
        collect(1);
        pass(60);
        assertThat(watch.reading().share()).isEqualTo(1);

        pass(11);

        assertThat(watch.reading().share()).isZero();
        assertThat(watch.reading().heap()).isEqualTo(1);
    }

    @Test
    void isExhaustedByAHeapThatStaysNearlyFull() {
        for (int i = 0; i < 10; i++) {
            collect(0.97);
        }
        assertThat(watch.exhaustion()).isNull();

        collect(0.97);

        assertThat(watch.exhaustion()).isEqualTo("heap is 97 % full after collection");
        collect(0.9);
        assertThat(watch.exhaustion()).isNull();
    }

    @Test
    void isNotExhaustedByBusyProcessors() {
        load.cpu = 1;
        pass(600);

        assertThat(watch.reading().share()).isGreaterThan(0.99);
        assertThat(watch.exhaustion()).isNull();
    }

    @Test
    void knowsNothingOfWhatCannotBeRead() {
        load.cpu = -1;
        collect(Double.NaN);

        assertThat(watch.reading()).isEqualTo(LoadReading.CALM);
    }

    @Test
    void isNotTrustedWhenNobodyLooksForTooLong() {
        for (int i = 0; i < 11; i++) {
            collect(1);
        }

        time.advance(CoordinationSettings.DEFAULTS.timeout());
        assertThat(watch.reading().share()).isEqualTo(1);
        assertThat(watch.exhaustion()).isNotNull();
        time.advance(Duration.ofNanos(1));

        assertThat(watch.reading()).isEqualTo(LoadReading.CALM);
        assertThat(watch.exhaustion()).isNull();
    }

    @Property(tries = 500)
    void aHigherLoadNeverRefusesLess(
            @ForAll @Size(min = 1, max = 120) List<@DoubleRange(max = 1) Double> heaps,
            @ForAll @Size(min = 1, max = 120) List<@DoubleRange(max = 1) Double> cpus,
            @ForAll @IntRange(max = 119) int at,
            @ForAll @DoubleRange(max = 1) double more) {
        FakeTime clock = new FakeTime();
        HandMovedLoad lower = new HandMovedLoad();
        HandMovedLoad higher = new HandMovedLoad();
        LoadWatch one = new LoadWatch(lower, CoordinationSettings.DEFAULTS, true, clock);
        LoadWatch other = new LoadWatch(higher, CoordinationSettings.DEFAULTS, true, clock);
        for (int i = 0; i < Math.max(heaps.size(), cpus.size()); i++) {
            clock.advance(SECOND);
            double heap = heaps.get(i % heaps.size());
            double cpu = cpus.get(i % cpus.size());
            lower.collectedTo(heap);
            lower.cpu = cpu;
            higher.collectedTo(i == at ? Math.max(heap, more) : heap);
            higher.cpu = i == at ? Math.max(cpu, more) : cpu;
            one.look();
            other.look();

            assertThat(other.reading().share())
                    .isGreaterThanOrEqualTo(one.reading().share());
        }
    }

    private void collect(double heap) {
        load.collectedTo(heap);
        pass(1);
    }

    private void pass(int seconds) {
        pass(watch, seconds);
    }

    private void pass(LoadWatch looking, int seconds) {
        for (int i = 0; i < seconds; i++) {
            time.advance(SECOND);
            looking.look();
        }
    }

    private static CoordinationSettings settings(double threshold) {
        CoordinationSettings usual = CoordinationSettings.DEFAULTS;
        return new CoordinationSettings(
                usual.cascading(),
                usual.cascadeDelay(),
                usual.maxCascadeDepth(),
                usual.progressive(),
                usual.steps(),
                usual.syncInterval(),
                usual.timeout(),
                usual.healthThreshold(),
                usual.cascadeFailureThreshold(),
                usual.emergencies(),
                usual.emergencyTimeout(),
                threshold);
    }
}
