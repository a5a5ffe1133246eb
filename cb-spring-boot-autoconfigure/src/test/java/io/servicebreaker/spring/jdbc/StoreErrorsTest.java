package io.servicebreaker.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.spring.InvalidPropertyException;
import io.servicebreaker.spring.ServiceBreakerAutoConfiguration;
import io.servicebreaker.spring.SpendLedgerAutoConfiguration;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What people read who have configured a store that cannot be. */
class StoreErrorsTest {

    private static final String STORE = "service-breaker.store.";
    private static final String JDBC = STORE + "type=jdbc";
    private static final String H2 = STORE + "url=jdbc:h2:mem:errors";
    private static final String POSTGRES = STORE + "url=jdbc:postgresql://localhost/errors?password=geheim";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ServiceBreakerAutoConfiguration.class,
                    SpendLedgerAutoConfiguration.class,
                    JdbcStoreAutoConfiguration.class));

    @Test
    void refusesAnUnknownType() {
        runner.withPropertyValues(STORE + "type=disk")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("StoreProperties.Type.disk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "username", "password"})
    void refusesADatabaseForWhatIsKeptInMemory(String key) {
        failsWith(
                runner.withPropertyValues(STORE + key + "=geheim"),
                STORE + key + " is set, but service-breaker.store.type is memory",
                "Set service-breaker.store.type to jdbc, or remove it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"username", "password"})
    void refusesCredentialsOfNoDatabase(String key) {
        failsWith(
                runner.withPropertyValues(JDBC, STORE + key + "=geheim"),
                STORE + key + " is set without service-breaker.store.url",
                "Set the url as well, or remove it.");
    }

    @Test
    void wantsADatabase() {
        failsWith(
                runner.withPropertyValues(JDBC),
                STORE + "type=jdbc finds no DataSource",
                "Set service-breaker.store.url, or configure one.");
    }

    @Test
    void doesNotChooseAmongDatabases() {
        failsWith(
                runner.withPropertyValues(JDBC).withUserConfiguration(TwoDataSources.class),
                STORE + "type=jdbc finds several DataSources",
                "Set service-breaker.store.url, or mark one of them @Primary.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mysql://localhost/costs?password=geheim", "postgresql://me:geheim@localhost/costs"})
    void refusesOtherDatabases(String url) {
        failsWith(
                runner.withPropertyValues(JDBC, STORE + "url=" + url),
                "is not the address of an H2 or PostgreSQL database",
                "Use one such as jdbc:postgresql://localhost/costs or jdbc:h2:file:./costs.");
    }

    @ParameterizedTest
    @CsvSource({
        H2 + ",org.h2,org.h2.Driver,com.h2database:h2",
        POSTGRES + ",org.postgresql,org.postgresql.Driver,org.postgresql:postgresql",
        POSTGRES + ",org.flywaydb.database,PostgreSQLDatabaseType,org.flywaydb:flyway-database-postgresql",
        H2 + ",com.zaxxer.hikari,HikariDataSource,com.zaxxer:HikariCP",
        H2 + ",org.springframework.jdbc,JdbcTemplate,org.springframework:spring-jdbc",
        H2 + ",org.flywaydb,Flyway,org.flywaydb:flyway-core"
    })
    void namesTheDependencyThatIsMissing(String url, String library, String type, String dependency) {
        failsWith(
                runner.withPropertyValues(JDBC, url).withClassLoader(new FilteredClassLoader(library)),
                type + ", which is not on the class path",
                dependency);
    }

    @Test
    void refusesADatabaseOfTheApplicationThatIsOfAnotherKind() {
        failsWith(
                runner.withPropertyValues(JDBC).withBean(DataSource.class, () -> new Renamed("MySQL")),
                STORE + "type=jdbc keeps what calls cost in H2 or PostgreSQL, and not in MySQL",
                "Set service-breaker.store.url to the address of one of these.");
    }

    @Test
    void namesWhatIsMissingForADatabaseOfTheApplication() {
        failsWith(
                runner.withPropertyValues(JDBC)
                        .withBean(DataSource.class, () -> new Renamed("PostgreSQL"))
                        .withClassLoader(new FilteredClassLoader("org.flywaydb.database")),
                "needs org.flywaydb.database.postgresql.PostgreSQLDatabaseType, which is not on the class path",
                "Add the dependency org.flywaydb:flyway-database-postgresql.");
    }

    /** One that says that it is another product. */
    private static final class Renamed extends AbstractDataSource {

        private final DataSource database = new DriverManagerDataSource("jdbc:h2:mem:renamed");
        private final String product;

        Renamed(String product) {
            this.product = product;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = database.getConnection();
            return answering(
                    Connection.class,
                    connection,
                    "getMetaData",
                    () -> answering(
                            DatabaseMetaData.class, connection.getMetaData(), "getDatabaseProductName", () -> product));
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        private static <T> T answering(Class<T> type, T otherwise, String question, Callable<?> answer) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) ->
                            method.getName().equals(question) ? answer.call() : method.invoke(otherwise, arguments)));
        }
    }

    @Test
    void refusesASpillDirectoryThatCannotBeWrittenTo(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        for (String path : new String[] {file.toString(), file.resolve("below").toString()}) {
            failsWith(
                    runner.withPropertyValues(JDBC, H2, STORE + "spill-directory=" + path),
                    STORE + "spill-directory=" + path + " is not a directory that files can be written to",
                    "Name one that this process may write to, or create.");
        }
    }

    private static void failsWith(ApplicationContextRunner application, String problem, String fix) {
        application.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(fix)
                .hasMessageNotContaining("geheim"));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDataSources {

        @Bean
        DataSource one() {
            return new DriverManagerDataSource("jdbc:h2:mem:one");
        }

        @Bean
        DataSource other() {
            return new DriverManagerDataSource("jdbc:h2:mem:other");
        }
    }
}
