package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application without a database of its own, whose ledger has one. */
class StandaloneStoreTest {

    @TempDir
    Path directory;

    @Test
    void startsWithWhatTheDocumentationAsksForAndMakesNoOtherDatabase() throws Exception {
        TestDatabase database = TestDatabase.h2(directory);

        String output = output(database);

        assertThat(output).contains("up true").contains("databases 0");
        assertThat(StoredRecords.in(database.dataSource())).hasSize(1);
    }

    private String output(TestDatabase database) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        withoutBootsDatabases(),
                        StandaloneApplication.class.getName(),
                        "--spring.autoconfigure.exclude=",
                        "--service-breaker.services.openai.provider=openai",
                        "--service-breaker.cost.prices.small.output=1000",
                        "--service-breaker.store.type=jdbc",
                        "--service-breaker.store.url=" + database.url(),
                        "--service-breaker.store.username=" + database.username(),
                        "--service-breaker.store.spill-directory=" + directory)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** The class path of an application that has only what we ask for. */
    private static String withoutBootsDatabases() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !new File(entry).getName().matches("spring-boot-(starter-)?(jdbc|flyway|sql)-.*"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
