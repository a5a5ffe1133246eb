package io.servicebreaker.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where it is kept what calls cost and what becomes of them.
 *
 * @param type Whether it is kept in memory, which a restart forgets, or in a database.
 * @param url Address of the database, of H2 or PostgreSQL. Without it the application's DataSource is used.
 * @param username User of the database at this address.
 * @param password Password of the database at this address.
 * @param spillDirectory Directory in which that of the application has files with what the database could not take yet.
 *     Without it 'service-breaker-' and the name of the user in the directory for temporary files.
 */
public record StoreProperties(
        @DefaultValue("memory") Type type,
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String spillDirectory) {

    static final String PREFIX = ServiceBreakerProperties.PREFIX + ".store.";

    /** Where it is kept what calls cost and what becomes of them. */
    public enum Type {
        /** Until the application ends. */
        MEMORY,
        /** In a database. */
        JDBC
    }

    public StoreProperties {
        url = unlessBlank(url);
        username = unlessBlank(username);
        password = unlessBlank(password);
        spillDirectory = unlessBlank(spillDirectory);
    }

    private static @Nullable String unlessBlank(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }

    @Override
    public String toString() {
        return "StoreProperties[type=" + type + "]";
    }
}
