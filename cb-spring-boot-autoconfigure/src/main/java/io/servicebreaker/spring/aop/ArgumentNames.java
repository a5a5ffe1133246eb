package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;

/** The names under which an expression reaches the arguments of a method: {@code #question}, {@code #p0}, {@code #a0}. */
final class ArgumentNames {

    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private final Map<String, Integer> positions = new HashMap<>();
    private final Set<String> names = new TreeSet<>();

    private ArgumentNames() {}

    /** Names as in the method that runs and, where the annotation is written on an overridden method, as in that one. */
    static ArgumentNames of(Declaration declaration) {
        ArgumentNames result = new ArgumentNames();
        result.addNumbers(declaration.method().getParameterCount());
        result.addNames(declaration.method());
        if (declaration.source() instanceof Method written) {
            result.addNames(written);
        }
        return result;
    }

    /** Position of the argument, or null if there is none of that name. */
    @Nullable
    Integer position(String name) {
        return positions.get(name);
    }

    /** For people. */
    Set<String> readable() {
        return names;
    }

    private void addNumbers(int count) {
        for (int i = 0; i < count; i++) {
            positions.put("p" + i, i);
            positions.put("a" + i, i);
            names.add("#p" + i);
        }
    }

    private void addNames(Method method) {
        @Nullable String @Nullable [] found = NAMES.getParameterNames(method);
        for (int i = 0; found != null && i < found.length; i++) {
            if (found[i] != null) {
                positions.put(found[i], i);
                names.add("#" + found[i]);
            }
        }
    }
}
