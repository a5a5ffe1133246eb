package io.servicebreaker.spring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where it is kept what calls cost, checked as far as that is possible without asking a database.
 *
 * @param application its name, by which applications in one database are told apart
 * @param url of a database for it alone; null for the application's own
 * @param spillDirectory of this application, for what the store could not take yet; need not exist
 */
public record StoreSettings(
        StoreProperties.Type type,
        String application,
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        Path spillDirectory) {

    /** The full name of a key, for those who check its value. */
    public static String property(String key) {
        return StoreProperties.PREFIX + key;
    }

    @Override
    public String toString() {
        return "StoreSettings[type=" + type + ", application=" + application + "]";
    }
}
