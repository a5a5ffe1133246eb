package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.time.FakeTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the history must do; the tests of each store extend it. */
public abstract class HistoryStoreContract {

    /** For how long the stores of the tests keep what they have. */
    protected static final Duration KEPT = Duration.ofDays(2);

    protected final FakeTime time = new FakeTime();

    /** When an hour begins. */
    protected final Instant noon = HourBlock.hour(time.now());

    private HistoryStore store;

    /** A store in which nothing is. */
    protected abstract HistoryStore emptyStore();

    /** The same store, as another instance of the application finds it. */
    protected abstract HistoryStore again(HistoryStore before);

    @BeforeEach
    void open() {
        store = emptyStore();
    }

    @Test
    void keepsEachMinuteAsItIs() {
        CallMinute busy = new CallMinute(
                "openai",
                "",
                noon,
                latencies(20, 7),
                Map.of(FailureCause.TIMEOUT, 3L, FailureCause.SERVER_ERROR, 1L),
                latencies(60, 4),
                Map.of(FailureCause.RATE_LIMIT, 2L),
                3,
                11,
                1,
                12.345,
                2,
                1,
                new BigDecimal("0.123456789"));
        CallMinute model = calls("openai", "модель \uD83E\uDD16", noon, 1, 0);

        store.append(List.of(busy, model));

        assertThat(minutes(store, "openai", noon)).containsExactly(busy, model);
    }

    @Test
    void readsInTheOrderOfTimeWhateverTheOrderOfWriting() {
        CallMinute late = calls("openai", "", noon.plusSeconds(60), 1, 0);
        CallMinute early = calls("openai", "", noon, 2, 0);
        CallMinute before = calls("openai", "", noon.minusSeconds(60), 3, 0);

        store.append(List.of(late));
        store.append(List.of(early, before));

        assertThat(minutes(store, "openai", Instant.EPOCH)).containsExactly(before, early, late);
    }

    @Test
    void leavesOutWhatBeganEarlier() {
        CallMinute late = calls("openai", "", noon.plusSeconds(60), 1, 0);
        store.append(List.of(calls("openai", "", noon, 2, 0), late));

        assertThat(minutes(store, "openai", noon.plusSeconds(1))).containsExactly(late);
    }

    @Test
    void keepsServicesApart() {
        CallMinute other = calls("perplexity", "", noon, 1, 0);

        store.append(List.of(calls("openai", "", noon, 2, 0), other));

        assertThat(minutes(store, "perplexity", noon)).containsExactly(other);
        assertThat(minutes(store, "unknown", noon)).isEmpty();
    }

    @Test
    void addsWhatIsToldOfAMinuteThatItKnows() {
        CallMinute one = calls("openai", "", noon, 2, 1);
        CallMinute more = calls("openai", "", noon, 3, 4);

        store.append(List.of(one));
        again(store).append(List.of(more));

        assertThat(minutes(store, "openai", noon)).containsExactly(Minutes.sum(one, more));
        assertThat(hours(store, "openai", noon)).containsExactly(Minutes.sum(one, more));
    }

    @Test
    void addsMinutesUpByHours() {
        store.append(List.of(calls("openai", "", noon, 2, 1), calls("openai", "small", noon, 1, 0)));
        store.append(List.of(calls("openai", "", noon.plusSeconds(60), 5, 1)));
        again(store).append(List.of(calls("openai", "", noon.plusSeconds(3600), 9, 0)));

        assertThat(hours(store, "openai", noon.plusSeconds(1800)))
                .containsExactly(
                        calls("openai", "", noon, 7, 2),
                        calls("openai", "small", noon, 1, 0),
                        calls("openai", "", noon.plusSeconds(3600), 9, 0));
        assertThat(hours(store, "openai", noon.plusSeconds(3600))).hasSize(1);
    }

    @Test
    void forgetsWhatIsOld() {
        store.append(List.of(calls("openai", "", noon, 1, 0), calls("perplexity", "", noon, 1, 0)));

        time.advance(KEPT.plusHours(2));
        CallMinute latest = calls("openai", "", HourBlock.hour(time.now()), 1, 0);
        store.append(List.of(latest));

        assertThat(minutes(store, "openai", Instant.EPOCH)).containsExactly(latest);
        assertThat(minutes(store, "perplexity", Instant.EPOCH)).isEmpty();
        assertThat(hours(store, "perplexity", Instant.EPOCH)).isEmpty();
    }

    @Test
    void losesNothingOfManyWritersAtATime() {
        int writers = 4;
        int minutes = 10;

        IntStream.range(0, writers).parallel().forEach(each -> {
            HistoryStore own = again(store);
            for (int minute = 0; minute < minutes; minute++) {
                own.append(List.of(calls("openai", "", noon.plusSeconds(60L * (minute / 2)), 1, 1)));
            }
        });

        assertThat(hours(store, "openai", noon)).containsExactly(calls("openai", "", noon, 40, 40));
        assertThat(minutes(store, "openai", noon)).hasSize(minutes / 2).allMatch(minute -> minute.calls() == 16);
    }

    @Test
    void appendsOfOneInstanceAtATimeAreAllThere() {
        IntStream.range(0, 40)
                .parallel()
                .forEach(each -> store.append(List.of(calls("openai", "", noon.plusSeconds(60L * (each % 3)), 1, 0))));

        assertThat(hours(store, "openai", noon)).containsExactly(calls("openai", "", noon, 40, 0));
    }

    /** Calls of which some failed, of which none in a row. */
    protected static CallMinute calls(String service, String model, Instant start, int succeeded, int failed) {
        return new CallMinute(
                service,
                model,
                start,
                latencies(30, succeeded),
                failed == 0 ? Map.of() : Map.of(FailureCause.TIMEOUT, (long) failed),
                latencies(70, failed),
                Map.of(),
                failed == 0 ? 0 : 1,
                0,
                0,
                0,
                0,
                0,
                BigDecimal.ZERO);
    }

    private static Latencies latencies(int bucket, int calls) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[bucket] = calls;
        return new Latencies(counts);
    }

    protected static List<CallMinute> minutes(HistoryStore store, String service, Instant since) {
        List<CallMinute> read = new ArrayList<>();
        store.read(service, since, read::add);
        return read;
    }

    protected static List<CallMinute> hours(HistoryStore store, String service, Instant since) {
        List<CallMinute> read = new ArrayList<>();
        store.readHours(service, since, read::add);
        return read;
    }
}
