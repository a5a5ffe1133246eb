package io.servicebreaker.cost.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every ledger must do; the tests of each store extend it. */
public abstract class SpendLedgerContract {

    protected static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final String US = UUID.randomUUID().toString();
    private static final String OTHER = UUID.randomUUID().toString();

    private SpendLedger ledger;

    /** A ledger in which nothing is, and which is not open yet. */
    protected abstract SpendLedger emptyLedger();

    /** The same ledger, as the next start of the application finds it. */
    protected abstract SpendLedger again(SpendLedger before);

    /** All records that it has, in any order. */
    protected abstract List<SpendRecord> records(SpendLedger of);

    @BeforeEach
    void open() {
        ledger = emptyLedger();
        ledger.open();
    }

    @Test
    void keepsEachRecordAsItIs() {
        SpendRecord answered = new SpendRecord(
                MIDNIGHT.plusSeconds(30),
                MIDNIGHT.plusSeconds(61).plusNanos(123_456_000),
                "openai",
                "gpt-4.1",
                "answer",
                "research",
                "4bf92f3577b34da6a3ce929d0e0e4736",
                Outcome.Kind.SUCCESS,
                null,
                new Usage(1_000, 20, 300, 2),
                new Money(5_000_000),
                new Money(4_200_001));
        SpendRecord failed = new SpendRecord(
                MIDNIGHT,
                MIDNIGHT,
                "perplexity",
                "",
                "",
                "",
                "",
                Outcome.Kind.FAILURE,
                FailureCause.TIMEOUT,
                null,
                new Money(1),
                Money.ZERO);

        ledger.append(new SpendBatch(US, 0, List.of(answered, failed)));

        assertThat(records(ledger)).containsExactlyInAnyOrder(answered, failed);
    }

    @Test
    void keepsNamesOfAllAlphabetsAndOfTheGreatestLength() {
        SpendRecord record = named("модель \uD83E\uDD16 '; --", "x".repeat(SpendRecord.LONGEST_NAME + 1));
        SpendRecord unwritable = named("a\u0000b", "\uD83E");

        ledger.append(new SpendBatch(US, 0, List.of(record, unwritable)));

        assertThat(records(ledger)).containsExactlyInAnyOrder(record, unwritable);
    }

    @Test
    void keepsTheLargestAmountsExactly() {
        SpendRecord large = new SpendRecord(
                MIDNIGHT,
                MIDNIGHT,
                "openai",
                "",
                "",
                "",
                "",
                Outcome.Kind.SUCCESS,
                null,
                new Usage(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
                Money.MAX,
                Money.MAX);

        ledger.append(new SpendBatch(OTHER, 0, List.of(large)));

        assertThat(records(ledger)).containsExactly(large);
        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEqualTo(Map.of("openai", Money.MAX));
    }

    @Test
    void keepsABatchOnceHoweverOftenItIsAppended() {
        SpendBatch batch = new SpendBatch(US, 7, List.of(spent("openai", MIDNIGHT, 3), spent("openai", MIDNIGHT, 4)));

        ledger.append(batch);
        ledger.append(batch);
        again(ledger).append(batch);

        assertThat(records(ledger)).hasSize(2);
        assertThat(ledger.spentByOthers(OTHER, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(7)));
    }

    @Test
    void addsUpWhatOthersHaveSpentByService() {
        ledger.append(new SpendBatch(US, 0, List.of(spent("openai", MIDNIGHT, 1_000))));
        ledger.append(new SpendBatch(
                OTHER, 0, List.of(spent("openai", MIDNIGHT, 10), spent("perplexity", MIDNIGHT.plusSeconds(1), 5))));
        ledger.append(new SpendBatch(OTHER, 1, List.of(spent("openai", MIDNIGHT.plus(Duration.ofHours(30)), 20))));

        assertThat(ledger.spentByOthers(US, MIDNIGHT))
                .isEqualTo(Map.of("openai", new Money(30), "perplexity", new Money(5)));
    }

    @Test
    void leavesOutWhatWasBookedBefore() {
        ledger.append(new SpendBatch(
                OTHER, 0, List.of(spent("openai", MIDNIGHT.minusNanos(1_000), 10), spent("openai", MIDNIGHT, 3))));

        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(3)));
    }

    @Test
    void tellsDaysApartThatBeginAtAnyQuarterOfAnHour() {
        Instant kathmandu = MIDNIGHT.minus(Duration.ofHours(5).plusMinutes(45));
        ledger.append(new SpendBatch(
                OTHER, 0, List.of(spent("openai", kathmandu.minusSeconds(1), 10), spent("openai", kathmandu, 3))));

        assertThat(ledger.spentByOthers(US, kathmandu)).isEqualTo(Map.of("openai", new Money(3)));
    }

    @Test
    void countsWhatOthersHaveReservedAsSpent() {
        ledger.append(new SpendBatch(OTHER, 0, List.of(spent("openai", MIDNIGHT, 10))));

        ledger.reserve(OTHER, MIDNIGHT, Map.of("openai", new Money(5), "perplexity", new Money(1)));
        ledger.reserve(US, MIDNIGHT, Map.of("openai", new Money(100)));

        assertThat(ledger.spentByOthers(US, MIDNIGHT))
                .isEqualTo(Map.of("openai", new Money(15), "perplexity", new Money(1)));
        assertThat(ledger.spentByOthers(US, MIDNIGHT.plusSeconds(1))).isEmpty();
    }

    @Test
    void replacesWhatAWriterHasReserved() {
        ledger.reserve(OTHER, MIDNIGHT, Map.of("openai", new Money(5), "perplexity", new Money(1)));

        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(1), Map.of("openai", new Money(2)));

        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(2)));
        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(2), Map.of());
        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEmpty();
    }

    @Test
    void doesNotReplaceWhatWasReservedLater() {
        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(2), Map.of("openai", new Money(5)));
        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(1), Map.of("openai", new Money(2), "perplexity", new Money(1)));

        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(5)));
        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(3), Map.of());
        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(2), Map.of("openai", new Money(5)));
        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEmpty();
        ledger.reserve(OTHER, MIDNIGHT.plusSeconds(3), Map.of("openai", new Money(1)));
        assertThat(ledger.spentByOthers(US, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(1)));
    }

    @Test
    void remembersEverythingWhenItIsOpenedAgain() {
        ledger.append(new SpendBatch(OTHER, 0, List.of(spent("openai", MIDNIGHT, 10))));
        ledger.reserve(OTHER, MIDNIGHT, Map.of("openai", new Money(5)));

        SpendLedger next = again(ledger);
        next.open();

        assertThat(next.spentByOthers(US, MIDNIGHT)).isEqualTo(Map.of("openai", new Money(15)));
        assertThat(records(next)).hasSize(1);
    }

    @Test
    void losesNothingOfManyWritersAtATime() {
        int writers = 8;
        int batches = 25;

        IntStream.range(0, writers).parallel().forEach(each -> {
            SpendLedger own = again(ledger);
            own.open();
            String writer = UUID.randomUUID().toString();
            for (int number = 0; number < batches; number++) {
                own.append(new SpendBatch(writer, number, spentBy("openai", 4)));
                own.reserve(writer, MIDNIGHT, Map.of("openai", new Money(number)));
            }
            own.reserve(writer, MIDNIGHT, Map.of());
        });

        assertThat(records(ledger)).hasSize(writers * batches * 4);
        assertThat(ledger.spentByOthers(US, MIDNIGHT))
                .isEqualTo(Map.of("openai", new Money((long) writers * batches * 4)));
    }

    private static List<SpendRecord> spentBy(String service, int calls) {
        List<SpendRecord> all = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            all.add(spent(service, MIDNIGHT.plus(Duration.ofMinutes(20L * i)), 1));
        }
        return all;
    }

    static SpendRecord spent(String service, Instant at, long billionths) {
        Money cost = new Money(billionths);
        return new SpendRecord(at, at, service, "", "", "", "", Outcome.Kind.SUCCESS, null, null, cost, cost);
    }

    private static SpendRecord named(String model, String operation) {
        return new SpendRecord(
                MIDNIGHT,
                MIDNIGHT,
                "openai",
                model,
                operation,
                "",
                "",
                Outcome.Kind.SUCCESS,
                null,
                null,
                Money.ZERO,
                Money.ZERO);
    }
}
