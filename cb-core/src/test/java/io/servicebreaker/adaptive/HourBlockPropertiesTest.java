package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the minutes of an hour are, what is kept of them is what they were. */
class HourBlockPropertiesTest {

    private static final Instant HOUR = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MOST = 1L << 50;

    @Property
    void givesBackAnyMinute(@ForAll("minutes") List<CallMinute> minutes) {
        HourBlock block = HourBlock.EMPTY.plus(minutes);

        assertThat(minutes(HourBlock.of(block.minutes(), block.totals()))).isEqualTo(merged(minutes));
    }

    @Property
    void theHourIsTheSumOfItsMinutesWhateverTheirOrder(
            @ForAll("minutes") List<CallMinute> minutes, @ForAll Random random) {
        List<CallMinute> shuffled = new ArrayList<>(minutes);
        Collections.shuffle(shuffled, random);
        HourBlock block = HourBlock.EMPTY;
        for (CallMinute minute : shuffled) {
            block = block.plus(List.of(minute));
        }

        assertThat(minutes(block)).isEqualTo(merged(minutes));
        assertThat(totals(block)).isEqualTo(summed(minutes)).isEqualTo(totals(HourBlock.EMPTY.plus(minutes)));
    }

    @Property
    void twoBlocksTogetherAreThatOfAllTheirMinutes(
            @ForAll("minutes") List<CallMinute> one, @ForAll("minutes") List<CallMinute> other) {
        List<CallMinute> all = new ArrayList<>(one);
        all.addAll(other);

        HourBlock together = HourBlock.EMPTY.plus(one).plus(HourBlock.EMPTY.plus(other));

        assertThat(minutes(together)).isEqualTo(merged(all));
        assertThat(totals(together)).isEqualTo(summed(all));
    }

    @Example
    void eachCauseHasAPlaceOfItsOwn() {
        int most = MinuteNumbers.IGNORED - MinuteNumbers.FAILURES;

        assertThat(FailureCause.values())
                .extracting(MinuteNumbers::place)
                .doesNotHaveDuplicates()
                .allMatch(place -> place < most);
    }

    @Provide
    Arbitrary<List<CallMinute>> minutes() {
        Arbitrary<String> models = Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.of("small", "large"),
                Arbitraries.strings().ofMaxLength(20));
        Arbitrary<Instant> starts =
                Arbitraries.integers().between(0, 59).map(minute -> HOUR.plus(Duration.ofMinutes(minute)));
        return Combinators.combine(starts, models, numbers())
                .as((start, model, numbers) -> MinuteNumbers.minute("openai", model, start, numbers))
                .list()
                .ofMaxSize(30);
    }

    private static Arbitrary<long[]> numbers() {
        Arbitrary<Integer> places =
                Arbitraries.integers().between(0, MinuteNumbers.ALL - 1).filter(HourBlockPropertiesTest::isUsed);
        Arbitrary<Long> counts = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 100), Arbitraries.longs().between(0, MOST));
        return Arbitraries.maps(places, counts).ofMaxSize(40).map(byPlace -> {
            long[] numbers = new long[MinuteNumbers.ALL];
            byPlace.forEach((place, count) -> numbers[place] = limited(place, count));
            return numbers;
        });
    }

    /** There is more room for causes than there are causes. */
    private static boolean isUsed(int place) {
        int causes = FailureCause.values().length;
        return place < MinuteNumbers.FAILURES + causes
                || (place >= MinuteNumbers.IGNORED && place < MinuteNumbers.IGNORED + causes)
                || place >= MinuteNumbers.REFUSED;
    }

    private static long limited(int place, long count) {
        return switch (place) {
            case MinuteNumbers.LONGEST_RUN, MinuteNumbers.OPENINGS -> count % 1_000_000;
            case MinuteNumbers.OPEN_MILLIS -> count % 60_001;
            case MinuteNumbers.COST -> count % 2 == 0 ? count : -count;
            default -> count;
        };
    }

    private static List<CallMinute> minutes(HourBlock block) {
        List<CallMinute> read = new ArrayList<>();
        block.readMinutes("openai", HOUR, read::add);
        return read;
    }

    private static List<CallMinute> totals(HourBlock block) {
        List<CallMinute> read = new ArrayList<>();
        block.readTotals("openai", HOUR, read::add);
        return read;
    }

    private static List<CallMinute> merged(List<CallMinute> minutes) {
        Map<Instant, Map<String, CallMinute>> byStart = new TreeMap<>();
        minutes.forEach(minute -> byStart.computeIfAbsent(minute.start(), start -> new TreeMap<>())
                .merge(minute.model(), minute, Minutes::sum));
        return byStart.values().stream().flatMap(each -> each.values().stream()).toList();
    }

    private static List<CallMinute> summed(List<CallMinute> minutes) {
        Map<String, CallMinute> byModel = new LinkedHashMap<>(new TreeMap<>());
        for (CallMinute minute : minutes) {
            CallMinute begun = MinuteNumbers.minute("openai", minute.model(), HOUR, MinuteNumbers.of(minute));
            byModel.merge(minute.model(), begun, Minutes::sum);
        }
        return new TreeMap<>(byModel).values().stream().toList();
    }
}
