package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InMemoryHistoryStoreTest extends HistoryStoreContract {

    @Override
    protected HistoryStore emptyStore() {
        return HistoryStore.inMemory(KEPT, time);
    }

    @Override
    protected HistoryStore again(HistoryStore before) {
        return before;
    }

    @Test
    void takesNoMinuteThatIsTooOldAlready() {
        HistoryStore store = emptyStore();

        store.append(List.of(calls("openai", "", noon.minus(KEPT).minusSeconds(3600), 1, 0)));

        assertThat(minutes(store, "openai", Instant.EPOCH)).isEmpty();
    }

    /** As nobody's calls are: numbers that cannot be foreseen take the most room. */
    @Test
    void dropsTheOldestMinutesAndKeepsTheirSumsWhenThereIsNoRoom() {
        HistoryStore store = HistoryStore.inMemory(Duration.ofDays(30), time);
        Random random = new Random(1);

        for (int hour = 0; hour < 80; hour++) {
            List<CallMinute> minutes = new ArrayList<>();
            for (int minute = 0; minute < 60; minute++) {
                minutes.add(noise(noon.plus(Duration.ofMinutes(60L * hour + minute)), random));
            }
            store.append(minutes);
        }

        List<CallMinute> left = minutes(store, "openai", Instant.EPOCH);
        assertThat(left).hasSizeBetween(60, 79 * 60);
        assertThat(left.get(left.size() - 1).start()).isEqualTo(noon.plus(Duration.ofMinutes(80 * 60 - 1)));
        assertThat(hours(store, "openai", Instant.EPOCH)).hasSize(80);
    }

    /** Its hours alone would take more than there is room for. */
    @Test
    void dropsTheOldestHoursWholeWhenTheirSumsTakeTooMuchAndKeepsTheMinutesOfTheLast() {
        HistoryStore store = HistoryStore.inMemory(Duration.ofDays(365), time);
        Random random = new Random(1);
        int hours = 2_500;

        for (int hour = 0; hour < hours; hour++) {
            Instant start = noon.plus(Duration.ofHours(hour));
            store.append(List.of(noise(start, random), calls("openai", "", start.plusSeconds(60), 1, 0)));
        }

        Instant last = noon.plus(Duration.ofHours(hours - 1));
        assertThat(hours(store, "openai", Instant.EPOCH)).hasSizeBetween(1_000, hours - 1);
        assertThat(minutes(store, "openai", Instant.EPOCH)).hasSizeGreaterThan(1_000);
        assertThat(minutes(store, "openai", last.minusSeconds(3600))).hasSize(4);
    }

    private static CallMinute noise(Instant start, Random random) {
        long[] counts = new long[Latencies.BUCKETS];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(1_000_000);
        }
        CallMinute none = calls("openai", "", start, 0, 0);
        return new CallMinute(
                "openai",
                "",
                start,
                new Latencies(counts),
                Map.of(),
                Latencies.NONE,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                0,
                none.cost());
    }
}
