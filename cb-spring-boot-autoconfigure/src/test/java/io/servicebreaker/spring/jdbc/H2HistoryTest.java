package io.servicebreaker.spring.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The history in a file of H2. */
class H2HistoryTest extends JdbcHistoryContract {

    @TempDir
    static Path directory;

    @Override
    TestDatabase emptyDatabase() {
        try {
            return TestDatabase.h2(Files.createTempDirectory(directory, "h2"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
