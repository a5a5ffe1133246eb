package io.servicebreaker.spring.jdbc;

import io.servicebreaker.cost.ledger.UnusableLedgerException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database with our tables. Safe for use by many threads. */
final class Database implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);

    private static final int TRIES = 5;

    /** A second each. Others hold the lock for moments; by default it would be waited for as long as a minute. */
    private static final int LOCK_TRIES = 5;

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final DataSource dataSource;
    private final Runnable close;
    private final boolean postgres;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private volatile boolean prepared;

    /**
     * Creates it, without connecting.
     *
     * @param close gives back what was made for it alone
     * @param postgres whether there is what it takes to use PostgreSQL
     */
    Database(DataSource dataSource, Runnable close, boolean postgres) {
        this.postgres = postgres;
        this.dataSource = dataSource;
        this.close = close;
        this.jdbc = new JdbcTemplate(dataSource, true);
        this.jdbc.setQueryTimeout((int) QUERY_TIMEOUT.toSeconds());
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /** Brings our tables up to date, if that is not done yet. */
    void prepare() {
        if (prepared) {
            return;
        }
        try {
            jdbc.execute((Connection connection) -> {
                check(connection.getMetaData());
                return true;
            });
            migrate();
            prepared = true;
        } catch (UnusableLedgerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw StoreException.of(e);
        }
    }

    private void check(DatabaseMetaData database) throws SQLException {
        switch (database.getDatabaseProductName()) {
            case "PostgreSQL" -> {
                if (!postgres) {
                    throw Databases.withoutFlywayForPostgres();
                }
            }
            case "H2" -> prepareH2(database.getURL());
            default -> throw Databases.unsupported(database.getDatabaseProductName());
        }
    }

    private void prepareH2(String url) {
        if (url.startsWith("jdbc:h2:mem:")) {
            log.warn("What calls cost is kept in a database that is in memory, which a restart forgets");
        } else if (!url.startsWith("jdbc:h2:tcp:") && !url.startsWith("jdbc:h2:ssl:")) {
            writeAtOnce();
        }
    }

    /** By default a commit of an embedded H2 is in its file only half a second later, and is lost with the process. */
    private void writeAtOnce() {
        try {
            jdbc.execute("SET WRITE_DELAY 0");
        } catch (DataAccessException e) {
            log.warn(
                    "H2 may lose what calls have cost in the last half second if this process is killed, as its user may"
                            + " not SET WRITE_DELAY",
                    e);
        }
    }

    /** Instances that start together get into each other's way until one of them has begun the history. */
    private void migrate() {
        Flyway flyway = flyway();
        for (int left = TRIES - 1; ; left--) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                if (left == 0 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Beside the application's own migrations, and in a schema in which there may be anything already. */
    private Flyway flyway() {
        return Flyway.configure(Database.class.getClassLoader())
                .dataSource(dataSource)
                .table("service_breaker_schema_history")
                .locations("classpath:io/servicebreaker/spring/jdbc/migration")
                .lockRetryCount(LOCK_TRIES)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    /** Does it in a transaction of its own. */
    <T> T transact(Function<JdbcTemplate, T> work) {
        try {
            return transactions.execute(status -> work.apply(jdbc));
        } catch (RuntimeException e) {
            throw StoreException.of(e);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
