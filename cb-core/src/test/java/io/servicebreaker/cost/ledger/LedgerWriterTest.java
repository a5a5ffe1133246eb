package io.servicebreaker.cost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.Period;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.support.CapturedLog;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

class LedgerWriterTest {

    private final FakeTime time = new FakeTime();
    private final MemoryLedger ledger = new MemoryLedger();

    @TempDir
    private Path directory;

    @Test
    void keepsARecordOfEachCallThatHasEnded() {
        Books books = started();
        time.advance(Duration.ofSeconds(5));
        Permit call = books.begin("openai", "2");
        time.advance(Duration.ofSeconds(3));
        books.end(call, "1.5");

        books.write();

        assertThat(ledger.records())
                .containsExactly(new SpendRecord(
                        time.now().minusSeconds(8),
                        time.now(),
                        "openai",
                        "model",
                        "answer",
                        "research",
                        "",
                        Outcome.Kind.SUCCESS,
                        null,
                        null,
                        Money.of("2"),
                        Money.of("1.5")));
    }

    @Test
    void findsACallByTheTraceInWhichItBegan() {
        Books books = started();
        MDC.put("traceId", "one");
        Permit first = books.begin("openai", "2");
        MDC.put("traceId", "other");
        Permit second = books.begin("openai", "2");
        MDC.clear();
        books.end(second, "2");
        books.end(first, "2");

        books.write();

        assertThat(ledger.records()).extracting(SpendRecord::correlation).containsExactly("other", "one");
    }

    @Test
    void tellsCallsOfTheSameKindApartByTheirCategory() {
        Books books = started();
        Permit research = books.begin("openai", "2", "research");
        Permit chat = books.begin("openai", "2", "chat");
        books.end(research, "2");
        books.end(chat, "2");

        books.write();

        assertThat(ledger.records()).extracting(SpendRecord::category).containsExactly("research", "chat");
    }

    @Test
    void keepsNoRecordOfACallThatWasNotMade() {
        Books books = started();
        books.begin("openai", "2").finish(Outcome.NOT_RUN, 0, time.nanos());

        books.write();

        assertThat(ledger.records()).isEmpty();
    }

    @Test
    void findsAfterARestartWhatWasSpentBefore() {
        Books before = started();
        before.spend("openai", "30");
        before.spend("perplexity", "3");
        before.writer.close();

        Books after = started();

        assertThat(after.spentToday()).isEqualTo("33");
        after.assertSpentToday("openai", "30");
        after.assertSpentToday("perplexity", "3");
        assertThat(after.budgets.total(Period.MONTHLY).spent()).hasToString("33");
    }

    @Test
    void countsNoDayButToday() {
        Books before = started();
        before.spend("openai", "30");
        before.writer.close();
        time.advance(Duration.ofDays(1));

        Books after = started();

        assertThat(after.spentToday()).isEqualTo("0");
        assertThat(after.budgets.total(Period.MONTHLY).spent()).hasToString("30");
    }

    @Test
    void refusesAfterARestartWhatTheBudgetHasNotLeft() {
        Books before = started();
        before.spend("openai", "90");
        before.writer.close();

        Books after = started();

        assertThat(after.budgets.total(Period.DAILY).remaining()).hasToString("10");
        after.spend("openai", "10");
        assertThat(after.budgets.total(Period.DAILY).remaining()).hasToString("0");
    }

    @Test
    void doesNotTellAgainAfterARestartThatABudgetIsNearlySpent() {
        Books before = started();
        before.spend("openai", "80");
        before.writer.close();
        assertThat(before.crossed()).containsExactly(75);

        Books after = started();
        after.spend("openai", "12");

        assertThat(after.crossed()).containsExactly(90);
    }

    @Test
    void seesWhatOtherInstancesSpend() {
        Books one = started();
        Books other = started();
        one.spend("openai", "30");
        Permit underWay = one.begin("openai", "20");
        one.write();

        time.advance(Duration.ofSeconds(1));
        other.write();

        assertThat(other.spentToday()).isEqualTo("50");
        one.end(underWay, "5");
        one.write();
        time.advance(Duration.ofSeconds(1));
        other.write();
        assertThat(other.spentToday()).isEqualTo("55"); // what is reserved counts for a moment longer
        settleDown(one);
        time.advance(Duration.ofSeconds(1));
        other.write();
        assertThat(other.spentToday()).isEqualTo("35");
        assertThat(one.spentToday()).isEqualTo("35");
    }

    @Test
    void tellsWhenAnotherInstanceSpendsWhatIsLeft() {
        Books one = started();
        Books other = started();
        one.spend("openai", "80");
        one.write();
        time.advance(Duration.ofSeconds(1));

        other.write();

        assertThat(other.crossed()).containsExactly(75);
    }

    @Test
    void takesCallsUnderWayForSpentAfterACrash() {
        Books before = started();
        before.spend("openai", "30");
        before.begin("openai", "20");
        before.write(); // and is never heard of again

        Books after = started();

        assertThat(after.spentToday()).isEqualTo("50");
    }

    @Test
    void takesNothingForSpentAfterAnOrderlyEndThatWasNot() {
        Books before = started();
        Permit call = before.begin("openai", "20");
        before.write();
        before.end(call, "3");
        before.writer.close();

        assertThat(started().spentToday()).isEqualTo("3");
    }

    @Test
    void countsACallThatEndsBetweenTwoLooksTwiceRatherThanNotAtAll() {
        Books before = started();
        Permit call = before.begin("openai", "20");
        before.writer.collect();
        before.end(call, "20");
        before.write(); // the reservation was there a moment ago, so it is still noted

        Books after = started();

        assertThat(after.spentToday()).isEqualTo("40");
    }

    @Test
    void keepsWhatTheStoreDoesNotTakeInAFile() throws IOException {
        Books books = started();
        ledger.breakDown();
        books.spend("openai", "30");
        books.write();
        assertThat(files()).isEmpty();

        books.writer.collect();

        assertThat(books.writer.status().spilled()).isEqualTo(1);
        assertThat(files()).hasSize(2);
        assertThat(books.writer.status().isUp()).isFalse();
        assertThat(books.writer.status().problem()).isEqualTo("the store is down");
        assertThat(books.writer.status().failingSince()).isEqualTo(time.now());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void writesFilesForItsUserOnly() throws IOException {
        Path own = directory.resolve("parent/own");
        Books books = new Books(ledger, own, time);
        ledger.breakDown();
        books.spend("openai", "30");
        books.writer.close();

        for (Path created : List.of(own, own.getParent())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void handsEverythingOverOnceTheStoreIsBack() throws IOException {
        Books books = started();
        ledger.breakDown();
        for (int i = 0; i < 100; i++) {
            books.spend("openai", "0.5");
            books.write();
        }
        ledger.repair();
        time.advance(Duration.ofSeconds(1));

        books.writer.store();

        assertThat(ledger.records()).hasSize(100);
        assertThat(files()).filteredOn(file -> file.endsWith(".spill")).isEmpty();
        assertThat(books.writer.status()).isEqualTo(new LedgerStatus(null, null, 0, 0, null, 0));
    }

    @Test
    void asksAStoreThatIsDownLessAndLessOften() {
        Books books = started();
        books.spend("openai", "1");
        ledger.breakDown();

        for (int i = 0; i < 1200; i++) {
            books.write();
            time.advance(Duration.ofMillis(100));
        }

        assertThat(ledger.refused()).isEqualTo(1 + 5 + 2); // after 1, 2, 4, 8 and 16 s, then each 30
    }

    @Test
    void learnsWhatWasSpentBeforeOnceAStoreThatWasDownAtTheStartIsBack() {
        Books before = started();
        before.spend("openai", "30");
        before.writer.close();
        ledger.breakDown();
        Books after = started();
        after.spend("openai", "1");
        assertThat(after.spentToday()).isEqualTo("1");

        ledger.repair();
        time.advance(Duration.ofSeconds(1));
        after.write();

        assertThat(after.spentToday()).isEqualTo("31");
        assertThat(after.crossed()).isEmpty();
    }

    @Test
    void takesOverWhatACrashedProcessHasLeftInFiles() throws IOException {
        Books before = started();
        ledger.breakDown();
        before.spend("openai", "30");
        before.begin("openai", "20");
        before.write();
        before.writer.collect();
        before.writer.close(); // gives the lock back, as the end of a process does
        ledger.repair();

        Books after = started();

        assertThat(after.spentToday()).isEqualTo("50");
        assertThat(files()).isEmpty();
    }

    @Test
    void hearsOfOthersAlsoWhereFilesCannotBeUsed() throws IOException {
        Files.createDirectory(directory.resolve("11111111-1111-1111-1111-111111111111.0.spill"));
        Books before = started();
        before.spend("openai", "30");
        before.writer.close();

        Books after = started();

        assertThat(after.spentToday()).isEqualTo("30");
        assertThat(after.writer.status().isUp()).isTrue();
    }

    @Test
    void storesNoEmptyBatchesOfFiles() {
        Books before = started();
        ledger.breakDown();
        Permit call = before.begin("openai", "30");
        before.write();
        before.writer.collect();
        before.end(call, "30");
        before.write();
        before.writer.collect();
        ledger.repair();
        time.advance(Duration.ofSeconds(10));

        before.writer.store();

        assertThat(ledger.batches()).hasSize(1);
    }

    @Test
    void leavesTheFilesOfALivingProcessAlone() throws IOException {
        Books living = started();
        ledger.breakDown();
        living.spend("openai", "30");
        living.write();
        living.writer.collect();
        ledger.repair();

        Books other = started();

        assertThat(other.spentToday()).isEqualTo("0");
        assertThat(files()).hasSize(2);
    }

    @Test
    void keepsWhatItCanInMemoryWhereNoFileCanBeWritten() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        Books books = new Books(ledger, directory.resolve("file"), time);
        ledger.breakDown();
        for (int i = 0; i < 50; i++) {
            books.spend("openai", "1");
            books.write();
        }
        assertThat(books.writer.status().unspillable()).isNotNull();
        assertThat(books.writer.status().waiting()).isEqualTo(50);

        ledger.repair();
        time.advance(Duration.ofSeconds(1));
        books.write();

        assertThat(ledger.records()).hasSize(50);
    }

    @Test
    void saysAtTheEndWhatItCouldNotKeep() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        Books books = new Books(ledger, directory.resolve("file"), time);
        ledger.breakDown();
        books.spend("openai", "1");

        try (CapturedLog log = CapturedLog.of(LedgerWriter.class)) {
            books.writer.close();

            assertThat(log.lines()).anyMatch(line -> line.startsWith("What 1 calls have cost is lost"));
        }
    }

    @Test
    void keepsTheMoneyOfCallsForWhichThereIsNoRoom() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        Books books = new Books(ledger, directory.resolve("file"), time);
        ledger.breakDown();
        for (int i = 0; i < 200; i++) {
            books.spend("perplexity", "0.001");
            books.write();
        }
        for (int i = 0; i < 40_000; i++) {
            books.spend("openai", "0.001");
        }
        books.write();
        assertThat(books.writer.status().unrecorded()).isEqualTo(40_000 - (1 << 15));

        ledger.repair();
        time.advance(Duration.ofSeconds(1));
        drainAll(books);

        Money sum = ledger.records().stream().map(SpendRecord::cost).reduce(Money.ZERO, Money::plus);
        assertThat(sum).hasToString("40.2");
    }

    @Test
    void keepsWhatItHasTakenWhenSomethingFails() {
        AtomicInteger readings = new AtomicInteger();
        TimeSource failing = new TimeSource() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public Instant at(long nanos) {
                if (readings.incrementAndGet() == 5) { // of the third record, as each has two times
                    throw new OutOfMemoryError("no room");
                }
                return time.at(nanos);
            }
        };
        Books books = new Books(ledger, directory, time, failing);
        books.spend("openai", "1");
        books.spend("openai", "2");
        books.spend("openai", "4");

        books.writer.collect();
        books.write();

        assertThat(ledger.records()).extracting(SpendRecord::cost).contains(Money.of("1"), Money.of("2"));
    }

    @Test
    void losesNothingWhenItIsClosedByAThreadThatIsInterrupted() {
        Books books = started();
        ledger.breakDown();
        books.spend("openai", "30");
        Thread.currentThread().interrupt();

        books.writer.close();

        assertThat(Thread.interrupted()).isTrue();
        ledger.repair();
        assertThat(started().spentToday()).isEqualTo("30");
    }

    @Test
    void hasEverythingInFilesBeforeItAsksTheStoreForTheLastTime() throws IOException {
        Books books = started();
        books.spend("openai", "30");
        List<String> seen = new ArrayList<>();
        ledger.whenAsked(() -> seen.addAll(unchecked(this::files)));

        books.writer.close();

        assertThat(seen).anyMatch(file -> file.endsWith(".spill"));
        assertThat(ledger.records()).hasSize(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void setsAsideWhatTheStoreWillNeverTake() throws IOException {
        ledger.refuse(record -> record.cost().equals(Money.of("2")));
        Books books = started();
        books.spend("openai", "1");
        books.writer.collect();
        books.spend("openai", "2");
        books.writer.collect();
        books.spend("openai", "4");

        try (CapturedLog log = CapturedLog.of(LedgerWriter.class)) {
            books.write();

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "What 1 calls have cost is not in the ledger, which will never take it. It is kept as ");
        }

        assertThat(ledger.records()).extracting(SpendRecord::cost).containsExactly(Money.of("1"), Money.of("4"));
        assertThat(books.writer.status().isUp()).isTrue();
        assertThat(files()).filteredOn(file -> file.endsWith(".refused")).hasSize(1);
    }

    @Test
    void keepsTheMoneyOfNamesThatTheStoreHasNoCharactersFor() throws IOException {
        ledger.refuse(record -> record.category().equals("研究"));
        Books books = started();
        books.end(books.begin("openai", "2", "研究"), "2");

        books.write();

        assertThat(ledger.records()).singleElement().satisfies(record -> {
            assertThat(record.category()).isEqualTo("??");
            assertThat(record.cost()).isEqualTo(Money.of("2"));
        });
        assertThat(files()).noneMatch(file -> file.endsWith(".refused"));
    }

    @Test
    void isNotConfusedByAClockThatIsSetBack() {
        Books books = started();
        books.begin("openai", "20");
        books.write();
        time.advance(Duration.ofHours(-1));
        books.begin("openai", "10");

        books.write();

        assertThat(ledger.spentByOthers("another", Instant.EPOCH)).isEqualTo(Map.of("openai", Money.of("30")));
    }

    @Test
    void isDownWhileTheStoreDoesNotAnswer() throws Exception {
        Books books = started();
        books.spend("openai", "30");
        books.writer.collect();
        try (BlockedThread thread = new BlockedThread(ledger, books.writer::store)) {
            thread.awaitItsQuestion();
            Instant asked = time.now();
            time.advance(Duration.ofSeconds(5));
            assertThat(books.writer.status().isUp()).isTrue();
            time.advance(Duration.ofMillis(1));

            assertThat(books.writer.status().isUp()).isFalse();
            assertThat(books.writer.status().failingSince()).isEqualTo(asked);
            assertThat(books.writer.status().problem()).isEqualTo("it does not answer");
        }
        assertThat(books.writer.status().isUp()).isTrue();
    }

    @Test
    void startsWithoutAStoreThatDoesNotAnswer() throws Exception {
        Books books = new Books(ledger, directory, time);
        CountDownLatch answer = new CountDownLatch(1);
        ledger.whenAsked(() -> await(answer));

        try (CapturedLog log = CapturedLog.of(LedgerWriter.class)) {
            books.writer.start(Duration.ofMillis(1));

            assertThat(log.lines()).anyMatch(line -> line.startsWith("The ledger of what calls cost has not told"));
        }

        assertThat(books.writer.knowsWhatWasSpent()).isFalse();
        books.spend("openai", "30");
        answer.countDown();
        books.writer.close();
        assertThat(ledger.records()).hasSize(1);
    }

    @Test
    void doesNotStartWithAStoreThatNeverCanBeUsed() {
        Books books = new Books(ledger, directory, time);
        ledger.whenAsked(() -> {
            throw new UnusableLedgerException(new IllegalStateException("no such thing"));
        });

        assertThatThrownBy(books.writer::start)
                .isInstanceOf(UnusableLedgerException.class)
                .hasMessage("no such thing");
    }

    @Test
    void tellsEachHourOfAStoreThatIsDown() {
        Books books = started();
        ledger.breakDown();
        try (CapturedLog log = CapturedLog.of(LedgerWriter.class)) {
            for (int i = 0; i < 130; i++) {
                books.spend("openai", "0.1");
                books.write();
                time.advance(Duration.ofMinutes(1));
            }

            assertThat(log.lines())
                    .hasSize(3)
                    .element(2)
                    .asString()
                    .contains("since " + time.at(Duration.ofSeconds(1).toNanos()), "the store is down")
                    .containsPattern("20 records wait in memory|21 records wait in memory")
                    .containsPattern("and 1\\d\\d in local files of [1-9]\\d* KiB");
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T unchecked(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread that is in the store until this is closed. */
    private static final class BlockedThread implements AutoCloseable {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answer = new CountDownLatch(1);
        private final Thread thread;

        BlockedThread(MemoryLedger ledger, Runnable task) {
            ledger.whenAsked(() -> {
                asked.countDown();
                LedgerWriterTest.await(answer);
            });
            thread = new Thread(task);
            thread.start();
        }

        void awaitItsQuestion() throws InterruptedException {
            asked.await();
        }

        @Override
        public void close() {
            answer.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void drainAll(Books books) {
        while (books.writer.status().waiting() > 0) {
            books.write();
        }
        books.write();
    }

    /** After half a second what was reserved before is no longer noted. */
    private static void settleDown(Books books) {
        for (int i = 0; i < 10; i++) {
            books.write();
        }
    }

    private Books started() {
        Books books = new Books(ledger, directory, time);
        books.writer.store();
        return books;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
