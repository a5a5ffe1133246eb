package io.servicebreaker.spring.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.servicebreaker.spring.InvalidPropertyException;
import io.servicebreaker.spring.StoreSettings;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DatabaseDriver;
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

    private Databases() {}

    static Database of(StoreSettings store, ObjectProvider<DataSource> dataSources) {
        String url = store.url();
        if (url != null) {
            DatabaseDriver driver = driver(url);
            HikariDataSource pool = pool(store, url, driver);
            return new Database(pool, pool::close);
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
        return new Database(dataSource, () -> {});
    }

    private static DatabaseDriver driver(String url) {
        DatabaseDriver driver = url.startsWith("jdbc:") ? DatabaseDriver.fromJdbcUrl(url) : DatabaseDriver.UNKNOWN;
        if (driver != DatabaseDriver.H2 && driver != DatabaseDriver.POSTGRESQL) {
            throw invalid(
                    URL,
                    withoutParameters(url),
                    "is not the address of an H2 or PostgreSQL database",
                    "Use one such as jdbc:postgresql://localhost/costs or jdbc:h2:file:./costs.");
        }
        String name = Objects.requireNonNull(driver.getDriverClassName());
        need(name, url, driver == DatabaseDriver.H2 ? "com.h2database:h2" : "org.postgresql:postgresql");
        need(HIKARI, url, "org.springframework.boot:spring-boot-starter-jdbc");
        if (driver == DatabaseDriver.POSTGRESQL) {
            need(FLYWAY_POSTGRESQL, url, "org.flywaydb:flyway-database-postgresql");
        }
        return driver;
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

    private static HikariDataSource pool(StoreSettings store, String url, DatabaseDriver driver) {
        HikariDataSource pool = DataSourceBuilder.create()
                .type(HikariDataSource.class)
                .url(url)
                .username(store.username())
                .password(store.password())
                .build();
        pool.setPoolName("service-breaker");
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionTimeout((driver == DatabaseDriver.H2 ? FILE_TIMEOUT : CONNECTION_TIMEOUT).toMillis());
        pool.setInitializationFailTimeout(-1);
        if (driver == DatabaseDriver.POSTGRESQL) {
            pool.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT);
        }
        return pool;
    }

    /** Which may be secret. */
    private static String withoutParameters(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//");
    }

    private static InvalidPropertyException invalid(String property, String value, String problem, String fix) {
        return new InvalidPropertyException(property, value, problem, fix);
    }
}
