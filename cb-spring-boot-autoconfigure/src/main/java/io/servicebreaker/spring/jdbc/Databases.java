package io.servicebreaker.spring.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.servicebreaker.cost.ledger.UnusableLedgerException;
import io.servicebreaker.spring.InvalidPropertyException;
import io.servicebreaker.spring.StoreSettings;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/** Finds the database that is configured. Connects to none: one that is down must not stop the start. */
final class Databases {

    /** One is for Flyway to lock with while it uses the other. */
    private static final int CONNECTIONS = 2;

    /** For which the start waits for a server that is down. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

    /** A file is opened by this process, and may have to be repaired. */
    private static final Duration FILE_TIMEOUT = Duration.ofSeconds(30);

    /** In seconds; far above the timeout of a query, for connections that have gone without a word. */
    private static final String SOCKET_TIMEOUT = "30";

    private static final String URL = StoreSettings.property("url");
    private static final String HIKARI = "com.zaxxer.hikari.HikariDataSource";
    private static final String FLYWAY_POSTGRESQL = "org.flywaydb.database.postgresql.PostgreSQLDatabaseType";
    private static final String FLYWAY_POSTGRESQL_DEPENDENCY = "org.flywaydb:flyway-database-postgresql";

    private enum Kind {
        H2("jdbc:h2:", "org.h2.Driver", "com.h2database:h2"),
        POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver", "org.postgresql:postgresql");

        final String prefix;
        final String driver;
        final String dependency;

        Kind(String prefix, String driver, String dependency) {
            this.prefix = prefix;
            this.driver = driver;
            this.dependency = dependency;
        }
    }

    private Databases() {}

    static Database of(StoreSettings store, ObjectProvider<DataSource> dataSources) {
        String url = store.url();
        if (url != null) {
            Kind kind = kind(url);
            if (kind == Kind.POSTGRESQL) {
                need(FLYWAY_POSTGRESQL, url, FLYWAY_POSTGRESQL_DEPENDENCY);
            }
            HikariDataSource pool = pool(store, url, kind);
            return new Database(pool, pool::close, true);
        }
        DataSource dataSource = dataSources.getIfUnique();
        if (dataSource == null) {
            boolean none = dataSources.stream().findAny().isEmpty();
            throw invalid(
                    StoreSettings.property("type"),
                    "jdbc",
                    none ? "finds no DataSource" : "finds several DataSources",
                    none ? "Set " + URL + ", or configure one." : "Set " + URL + ", or mark one of them @Primary.");
        }
        return new Database(dataSource, () -> {}, ClassUtils.isPresent(FLYWAY_POSTGRESQL, null));
    }

    private static Kind kind(String url) {
        for (Kind kind : Kind.values()) {
            if (url.startsWith(kind.prefix)) {
                need(kind.driver, url, kind.dependency);
                need(HIKARI, url, "com.zaxxer:HikariCP");
                return kind;
            }
        }
        throw invalid(
                URL,
                withoutParameters(url),
                "is not the address of an H2 or PostgreSQL database",
                "Use one such as jdbc:postgresql://localhost/costs or jdbc:h2:file:./costs.");
    }

    private static void need(String type, String url, String dependency) {
        if (!ClassUtils.isPresent(type, null)) {
            throw invalid(
                    URL,
                    withoutParameters(url),
                    "needs " + type + ", which is not on the class path",
                    "Add the dependency " + dependency + ".");
        }
    }

    /** Made by hand: what Boot has for it would also make a database for the application, which may have none. */
    private static HikariDataSource pool(StoreSettings store, String url, Kind kind) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setDriverClassName(kind.driver);
        pool.setUsername(store.username());
        pool.setPassword(store.password());
        pool.setPoolName("service-breaker");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionTimeout((kind == Kind.H2 ? FILE_TIMEOUT : CONNECTION_TIMEOUT).toMillis());
        pool.setInitializationFailTimeout(-1);
        if (kind == Kind.POSTGRESQL) {
            pool.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT);
        }
        return pool;
    }

    /** A database has said that it is PostgreSQL. */
    static UnusableLedgerException withoutFlywayForPostgres() {
        return new UnusableLedgerException(invalid(
                StoreSettings.property("type"),
                "jdbc",
                "needs " + FLYWAY_POSTGRESQL + ", which is not on the class path",
                "Add the dependency " + FLYWAY_POSTGRESQL_DEPENDENCY + "."));
    }

    /** A database has said that it is something else. */
    static UnusableLedgerException unsupported(String product) {
        return new UnusableLedgerException(invalid(
                StoreSettings.property("type"),
                "jdbc",
                "keeps what calls cost in H2 or PostgreSQL, and not in " + product,
                "Set " + URL + " to the address of one of these."));
    }

    /** Which may be secret. */
    private static String withoutParameters(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//");
    }

    private static InvalidPropertyException invalid(String property, String value, String problem, String fix) {
        return new InvalidPropertyException(property, value, problem, fix);
    }
}
