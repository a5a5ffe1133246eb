package io.servicebreaker.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys of a record of properties, as people write them. */
final class Keys {

    private Keys() {}

    static List<String> of(Class<? extends Record> properties) {
        return Arrays.stream(properties.getRecordComponents()).map(Keys::key).toList();
    }

    /** The value of a key, or null if there is none or no such key. */
    static @Nullable Object valueOf(Record properties, String key) {
        for (RecordComponent component : properties.getClass().getRecordComponents()) {
            if (key(component).equals(key)) {
                return read(component, properties);
            }
        }
        return null;
    }

    private static @Nullable Object read(RecordComponent component, Record properties) {
        try {
            return component.getAccessor().invoke(properties);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
