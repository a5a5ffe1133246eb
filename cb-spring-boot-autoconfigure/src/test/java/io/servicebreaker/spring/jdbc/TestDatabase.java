package io.servicebreaker.spring.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** An empty database of its own for a test. */
record TestDatabase(String url, String username) {

    /** One server for all tests, which ends with them. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static TestDatabase postgres() {
        return postgres("");
    }

    static TestDatabase postgres(String options) {
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " " + options);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new TestDatabase("jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + name, "postgres");
    }

    /** A file in a directory, in which there is no other. */
    static TestDatabase h2(Path directory) {
        return new TestDatabase("jdbc:h2:file:" + directory.resolve("costs").toAbsolutePath(), "sa");
    }

    /** The same, at another port. */
    TestDatabase at(int port) {
        return new TestDatabase(url.replaceFirst(":\\d+/", ":" + port + "/"), username);
    }

    int port() {
        return Server.POSTGRES.getPort();
    }

    /** One without a pool. */
    DataSource dataSource() {
        return new DriverManagerDataSource(url, username, "");
    }
}
