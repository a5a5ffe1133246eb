package io.servicebreaker.cost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.support.CapturedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What has been written is read again, whatever becomes of the process and the file. */
class SpillFilesTest {

    private static final String DEAD = "11111111-1111-1111-1111-111111111111";
    private static final String NEXT = "22222222-2222-2222-2222-222222222222";

    @Property(tries = 100)
    void readsWhatWasWritten(@ForAll("all") List<Written> all) {
        inDirectory(directory -> {
            write(directory, all);

            assertThat(orphans(directory)).isEqualTo(all);
            assertThat(filesIn(directory)).isEmpty();
        });
    }

    @Property(tries = 100)
    void readsWhatIsWholeOfAFileThatIsCutOff(@ForAll("all") List<Written> all, @ForAll @IntRange(max = 100) int share) {
        inDirectory(directory -> {
            write(directory, all);
            Path file = only(directory);
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length * share / 100));

            List<Written> read = orphans(directory);

            assertThat(read).isEqualTo(all.subList(0, read.size()));
            assertThat(read.size()).isGreaterThanOrEqualTo(share == 100 ? all.size() : 0);
            assertThat(filesIn(directory)).isEmpty();
        });
    }

    @Property(tries = 300)
    void losesNothingBeforeADamageAndKeepsTheRest(
            @ForAll("all") List<Written> all, @ForAll Damage damage, @ForAll @IntRange(max = 999) int place)
            throws IOException {
        List<Integer> ends = ends(all);
        inDirectory(directory -> {
            write(directory, all);
            Path file = only(directory);
            byte[] bytes = Files.readAllBytes(file);
            int from = (int) ((long) bytes.length * place / 1000);
            byte[] damaged = damage.of(bytes, from);
            Files.write(file, damaged);

            List<Written> read;
            List<String> told;
            try (CapturedLog log = CapturedLog.of(SpillFile.class)) {
                read = orphans(directory);
                told = log.lines();
            }

            assertThat(read).isEqualTo(all.subList(0, read.size()));
            assertThat(read.size()).isGreaterThanOrEqualTo((int)
                    ends.stream().filter(end -> end <= from).count());
            boolean kept = filesIn(directory).anyMatch(name -> name.endsWith(".damaged"));
            assertThat(told.stream().anyMatch(line -> line.contains("lost in part")))
                    .isEqualTo(kept);
            if (read.size() < all.size() && damage != Damage.CUT_OFF) {
                assertThat(kept).isTrue();
            }
        });
    }

    /** What can become of a file from a place on. */
    private enum Damage {
        CUT_OFF {
            @Override
            byte[] of(byte[] bytes, int from) {
                return Arrays.copyOf(bytes, from);
            }
        },
        /** As some file systems leave it when the power fails. */
        END_IS_ZERO {
            @Override
            byte[] of(byte[] bytes, int from) {
                return Arrays.copyOf(Arrays.copyOf(bytes, from), bytes.length + 100);
            }
        },
        ZERO_BYTES {
            @Override
            byte[] of(byte[] bytes, int from) {
                Arrays.fill(bytes, from, Math.min(from + 8, bytes.length), (byte) 0);
                return bytes;
            }
        },
        OTHER_BITS {
            @Override
            byte[] of(byte[] bytes, int from) {
                bytes[from] ^= (byte) (1 << (from % 8));
                return bytes;
            }
        };

        abstract byte[] of(byte[] bytes, int from);
    }

    private static List<Integer> ends(List<Written> all) throws IOException {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (Written each : all) {
            end += Frames.write(each).capacity();
            ends.add(end);
        }
        return ends;
    }

    @Test
    void readsTheFilesOfAWriterInTheOrderInWhichItWroteThem() {
        inDirectory(directory -> {
            for (int number = 0; number < 12; number++) {
                Files.write(
                        directory.resolve(DEAD + "." + number + ".spill"),
                        Frames.write(written(number)).array());
            }
            List<Written> read = new ArrayList<>();
            List<Written> last = new ArrayList<>();

            new OrphanFiles(directory, NEXT).takeOver(read::add, last::add);

            assertThat(read)
                    .extracting(each -> each.batch().number())
                    .isSorted()
                    .hasSize(12);
            assertThat(last).extracting(each -> each.batch().number()).containsExactly(11L);
        });
    }

    @Test
    void keepsFilesUntilTheNewestOfThemHasBeenTaken() {
        inDirectory(directory -> {
            write(directory, List.of(written(0)));

            assertThatThrownBy(() -> new OrphanFiles(directory, NEXT).takeOver(each -> {}, last -> {
                        throw new IllegalStateException("the store is down");
                    }))
                    .hasMessage("the store is down");

            assertThat(orphans(directory)).hasSize(1);
        });
    }

    @Test
    void leavesAloneWhatItCannotUse() {
        String other = "33333333-3333-3333-3333-333333333333";
        inDirectory(directory -> {
            write(directory, List.of(written(0)));
            Files.createDirectory(directory.resolve(NEXT + ".0.spill"));
            Files.copy(directory.resolve(DEAD + ".0.spill"), directory.resolve(other + ".0.spill"));
            Files.delete(directory.resolve(DEAD + ".lock"));
            Files.createDirectory(directory.resolve(DEAD + ".lock"));
            OrphanFiles orphans = new OrphanFiles(directory, "heir");
            List<Written> read = new ArrayList<>();

            try (CapturedLog log = CapturedLog.of(OrphanFiles.class)) {
                orphans.takeOver(read::add, last -> {});
                orphans.takeOver(read::add, last -> {});

                assertThat(log.lines())
                        .filteredOn(line -> line.startsWith("What calls cost may be lost"))
                        .hasSize(2);
            }

            assertThat(read).hasSize(1);
            assertThat(filesIn(directory))
                    .contains(NEXT + ".0.spill", DEAD + ".0.spill")
                    .doesNotContain(other + ".0.spill");
        });
    }

    @Test
    void goesOnWhereAFileOfItsOwnHasBeenDeleted() {
        inDirectory(directory -> {
            SpillFiles files = new SpillFiles(directory, DEAD);
            files.write(written(0));
            Files.delete(only(directory));
            List<Written> read = new ArrayList<>();

            try (CapturedLog log = CapturedLog.of(SpillFiles.class)) {
                files.replay(read::add);

                assertThat(log.lines()).singleElement().asString().contains("cannot be used any more");
            }

            assertThat(files.isEmpty()).isTrue();
            files.write(written(1));
            files.replay(read::add);
            assertThat(read).hasSize(1);
            files.close();
        });
    }

    @Test
    void isStillAliveWhenItsLockHasBeenCleanedAway() {
        inDirectory(directory -> {
            SpillFiles files = new SpillFiles(directory, DEAD);
            files.write(written(0));
            files.replay(written -> {});
            Files.delete(directory.resolve(DEAD + ".lock"));

            files.write(written(1));

            assertThat(orphans(directory)).isEmpty();
            files.close();
        });
    }

    private static Written written(int number) {
        SpendRecord record = SpendLedgerContract.spent("openai", Instant.EPOCH, 1);
        return new Written(new SpendBatch(DEAD, number, List.of(record)), Instant.EPOCH, Map.of());
    }

    @Test
    void takesEightZeroBytesForDamage() {
        inDirectory(directory -> {
            Files.write(directory.resolve(DEAD + ".0.spill"), new byte[100]);

            assertThat(orphans(directory)).isEmpty();

            assertThat(filesIn(directory)).containsExactly(DEAD + ".0.spill.damaged");
        });
    }

    @Property(tries = 100)
    void writesOnAfterWhatWasHandedOver(@ForAll("all") List<Written> all) {
        inDirectory(directory -> {
            SpillFiles files = new SpillFiles(directory, DEAD);
            List<Written> read = new ArrayList<>();
            for (Written each : all) {
                files.write(each);
                files.replay(read::add);
                assertThat(files.isEmpty()).isTrue();
                assertThat(files.size()).isZero();
            }
            files.close();

            assertThat(read).isEqualTo(all);
            assertThat(filesIn(directory)).isEmpty();
        });
    }

    @Provide
    Arbitrary<List<Written>> all() {
        Arbitrary<Money> money = Arbitraries.longs().between(0, Long.MAX_VALUE).map(Money::new);
        Arbitrary<Instant> instants = Combinators.combine(
                        Arbitraries.longs().between(0, 4_000_000_000L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
        Arbitrary<String> names = Arbitraries.strings().ofMaxLength(300);
        Arbitrary<Usage> usages = Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .map(tokens -> new Usage(tokens, tokens, tokens / 2, tokens / 3))
                .injectNull(0.3);
        Arbitrary<SpendRecord> records = Combinators.combine(
                        instants,
                        names,
                        names,
                        Arbitraries.of(Outcome.Kind.class),
                        Arbitraries.of(FailureCause.class).injectNull(0.5),
                        usages,
                        money,
                        money)
                .as((at, one, other, kind, cause, usage, estimated, cost) ->
                        new SpendRecord(at, at, one, other, other, one, other, kind, cause, usage, estimated, cost));
        Arbitrary<Written> written = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        records.list().ofMaxSize(5),
                        instants,
                        Arbitraries.maps(Arbitraries.strings().ofMaxLength(20), money)
                                .ofMaxSize(3))
                .as((number, of, at, reserved) -> new Written(new SpendBatch(DEAD, number, of), at, reserved));
        return written.list().ofMinSize(1).ofMaxSize(6);
    }

    private static void write(Path directory, List<Written> all) throws IOException {
        SpillFiles files = new SpillFiles(directory, DEAD);
        for (Written each : all) {
            files.write(each);
        }
        files.close();
    }

    private static List<Written> orphans(Path directory) {
        List<Written> read = new ArrayList<>();
        new OrphanFiles(directory, NEXT).takeOver(read::add, last -> {});
        return read;
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".spill"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Stream<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private interface InDirectory {

        void accept(Path directory) throws IOException;
    }

    /** jqwik has no temporary directories. */
    private static void inDirectory(InDirectory test) {
        try {
            Path directory = Files.createTempDirectory("spill");
            try {
                test.accept(directory);
            } finally {
                try (Stream<Path> files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
