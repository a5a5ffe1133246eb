package io.servicebreaker.spring;

import java.util.ArrayList;
import java.util.List;

/** Finds the exception classes that properties name. */
final class ExceptionTypes {

    private final ClassLoader classLoader;

    ExceptionTypes(ClassLoader classLoader) {
        this.classLoader = classLoader;
    }

    List<Class<? extends Throwable>> load(String property, List<String> names) {
        List<Class<? extends Throwable>> types = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            types.add(load(property + "[" + i + "]", names.get(i)));
        }
        return types;
    }

    private Class<? extends Throwable> load(String property, String name) {
        Class<?> type;
        try {
            type = Class.forName(name, false, classLoader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new InvalidPropertyException(
                    property,
                    name,
                    "names a class that does not exist",
                    "Give the full name of an exception class on the class path (Outer$Inner for a nested one).");
        }
        if (!Throwable.class.isAssignableFrom(type)) {
            throw new InvalidPropertyException(
                    property, name, "names a class that is no Throwable", "Give the full name of an exception class.");
        }
        return type.asSubclass(Throwable.class);
    }
}
