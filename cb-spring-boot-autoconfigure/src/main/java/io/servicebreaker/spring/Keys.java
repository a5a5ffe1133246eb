package io.servicebreaker.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of a record of properties, as people write them. */
final class Keys {

    private Keys() {}

    static List<String> of(Class<? extends Record> properties) {
        return Arrays.stream(properties.getRecordComponents()).map(Keys::key).toList();
    }

    /** Like {@link #of}, with the keys of groups, such as {@code stream.stall-timeout}, in place of the groups. */
    static List<String> leaves(Class<? extends Record> properties) {
        return Arrays.stream(properties.getRecordComponents())
                .flatMap(component -> {
                    Class<? extends Record> group = group(component);
                    return group == null
                            ? Stream.of(key(component))
                            : leaves(group).stream().map(key -> key(component) + "." + key);
                })
                .toList();
    }

    /** The keys in the group that a key is, or null if it is none. */
    static @Nullable Class<? extends Record> group(Class<? extends Record> properties, String key) {
        RecordComponent component = component(properties, key);
        return component == null ? null : group(component);
    }

    private static @Nullable Class<? extends Record> group(RecordComponent component) {
        return component.getType().isRecord() ? component.getType().asSubclass(Record.class) : null;
    }

    /** The value of a key, also of one in a group; null if there is none or no such key. */
    static @Nullable Object valueOf(Record properties, String key) {
        int dot = key.indexOf('.');
        if (dot >= 0) {
            Object group = valueOf(properties, key.substring(0, dot));
            return group instanceof Record keys ? valueOf(keys, key.substring(dot + 1)) : null;
        }
        RecordComponent component = component(properties.getClass(), key);
        return component == null ? null : read(component, properties);
    }

    private static @Nullable RecordComponent component(Class<? extends Record> properties, String key) {
        for (RecordComponent component : properties.getRecordComponents()) {
            if (key(component).equals(key)) {
                return component;
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
