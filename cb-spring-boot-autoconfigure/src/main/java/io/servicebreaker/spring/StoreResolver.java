package io.servicebreaker.spring;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Checks where it is to be kept what calls cost. What cannot be used fails with the name of the property. */
final class StoreResolver {

    /** As much as the store has room for. */
    private static final int LONGEST_NAME = 255;

    /** What it takes to use a database, and what brings it. Not Boot's starters: they want to be for the application. */
    private static final Map<String, String> NEEDED = Map.of(
            "org.springframework.jdbc.core.JdbcTemplate",
            "org.springframework:spring-jdbc",
            "org.flywaydb.core.Flyway",
            "org.flywaydb:flyway-core, and for PostgreSQL org.flywaydb:flyway-database-postgresql");

    private StoreResolver() {}

    static StoreSettings resolve(StoreProperties store, Environment environment, ClassLoader classLoader) {
        if (store.type() == StoreProperties.Type.MEMORY) {
            isOnlyForDatabases("url", store.url());
            isOnlyForDatabases("username", store.username());
            isOnlyForDatabases("password", store.password());
        } else {
            canUseDatabases(classLoader);
            needsAnUrl("username", store.username(), store.url());
            needsAnUrl("password", store.password(), store.url());
        }
        String application = application(environment);
        return new StoreSettings(
                store.type(),
                application,
                store.url(),
                store.username(),
                store.password(),
                spillDirectory(store, application));
    }

    /** Without a database it may be for nothing, and need not be usable. */
    private static Path spillDirectory(StoreProperties store, String application) {
        Path directory = SpillDirectory.of(store.spillDirectory(), application);
        if (store.type() == StoreProperties.Type.JDBC || store.spillDirectory() != null) {
            SpillDirectory.check(directory, store.spillDirectory());
        }
        return directory;
    }

    private static String application(Environment environment) {
        String name = environment.getProperty("spring.application.name", "");
        return name.isBlank() ? "application" : name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }

    private static void isOnlyForDatabases(String key, @Nullable String value) {
        if (value != null) {
            throw new InvalidPropertyException(
                    StoreProperties.PREFIX + key,
                    null,
                    "is set, but " + StoreProperties.PREFIX + "type is memory",
                    "Set " + StoreProperties.PREFIX + "type to jdbc, or remove it.");
        }
    }

    private static void canUseDatabases(ClassLoader classLoader) {
        NEEDED.forEach((type, dependency) -> {
            if (!ClassUtils.isPresent(type, classLoader)) {
                throw new InvalidPropertyException(
                        StoreProperties.PREFIX + "type",
                        "jdbc",
                        "needs " + ClassUtils.getShortName(type) + ", which is not on the class path",
                        "Add the dependency " + dependency + ".");
            }
        });
    }

    private static void needsAnUrl(String key, @Nullable String value, @Nullable String url) {
        if (value != null && url == null) {
            throw new InvalidPropertyException(
                    StoreProperties.PREFIX + key,
                    null,
                    "is set without " + StoreProperties.PREFIX + "url, and the application's DataSource has its own",
                    "Set the url as well, or remove it.");
        }
    }
}
