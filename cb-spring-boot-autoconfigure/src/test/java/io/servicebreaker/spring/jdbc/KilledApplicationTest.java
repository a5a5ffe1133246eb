package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import io.servicebreaker.time.FakeTime;
import io.servicebreaker.time.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of what calls have cost when the process is killed under load. */
class KilledApplicationTest {

    private static final int CALLS = 1_500;

    @TempDir
    Path directory;

    private final Map<String, Instant> settled = new LinkedHashMap<>();
    private final List<String> confirmed = new ArrayList<>();
    private Instant takenUntil = Instant.EPOCH;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres"})
    void losesNothingThatIsConfirmedNorMoreThanWasNotYetTaken(String kind) throws Exception {
        TestDatabase database = kind.equals("h2") ? TestDatabase.h2(directory) : TestDatabase.postgres();

        spendAndKill(database);

        assertThat(ids(database)).containsAll(confirmed);
        takeOver(database);
        List<String> ids = ids(database);
        assertThat(ids).doesNotHaveDuplicates().containsAll(confirmed);
        List<String> taken = settled.entrySet().stream()
                .filter(call -> call.getValue().isBefore(takenUntil))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(taken).isNotEmpty();
        assertThat(ids).containsAll(taken);
        assertNoHoles(ids);
        assertThat(spentByAll(database))
                .as("what is kept counts, and so do the calls that were under way")
                .isGreaterThanOrEqualTo(thousandths(ids.size() + KilledApplication.HANGING));
    }

    private void spendAndKill(TestDatabase database) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledApplication.class.getName(),
                        "--service-breaker.services.openai.provider=openai",
                        "--service-breaker.cost.prices.small.output=1000",
                        "--service-breaker.store.type=jdbc",
                        "--service-breaker.store.url=" + database.url(),
                        "--service-breaker.store.username=" + database.username(),
                        "--service-breaker.store.spill-directory=" + directory)
                .redirectErrorStream(true)
                .start();
        StringBuilder other = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line, other);
                if (settled.size() >= CALLS && takenUntil.isAfter(Instant.EPOCH)) {
                    process.toHandle().destroyForcibly(); // and hear its last words
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(confirmed).as(other.toString()).isNotEmpty();
    }

    private void hear(String line, StringBuilder other) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "settled" -> {
                if (words.length == 3 && words[2].endsWith("Z")) { // the last may be cut off
                    settled.put(words[1], Instant.parse(words[2]));
                }
            }
            case "confirmed" -> confirmed.addAll(List.of(words).subList(1, words.length));
            case "taken" -> takenUntil = Instant.parse(words[1]);
            default -> other.append(line).append('\n');
        }
    }

    private static List<String> ids(TestDatabase database) {
        return StoredRecords.in(database.dataSource()).stream()
                .map(SpendRecord::correlation)
                .toList();
    }

    /** As the next start does. */
    private void takeOver(TestDatabase database) {
        LedgerApplication application = new LedgerApplication();
        application.with(database, directory).run(context -> assertThat(context).hasNotFailed());
    }

    /** Of each thread the first calls are there, up to one. */
    private static void assertNoHoles(List<String> ids) {
        ids.stream()
                .collect(Collectors.groupingBy(
                        id -> id.substring(0, id.indexOf('-')),
                        Collectors.mapping(
                                id -> Integer.valueOf(id.substring(id.indexOf('-') + 1)), Collectors.toList())))
                .forEach((thread, numbers) -> assertThat(
                                numbers.stream().mapToInt(Integer::intValue).max())
                        .hasValue(numbers.size() - 1));
    }

    private static long spentByAll(TestDatabase database) {
        TimeSource time = new FakeTime();
        JdbcSpendLedger ledger =
                new JdbcSpendLedger(new Database(database.dataSource(), () -> {}, true), "application", "USD", time);
        return ledger.spentByOthers(UUID.randomUUID().toString(), Instant.EPOCH)
                .get("openai")
                .billionths();
    }

    private static long thousandths(int calls) {
        return calls * Money.of("0.001").billionths();
    }
}
