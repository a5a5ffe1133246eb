package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** A method as the objects of a class have it: its type variables stand for what the class makes of them. */
record TypedMethod(Method method, Class<?> type) {

    /** Whether it can be called with the arguments of the other one, and perhaps a failure after them. */
    boolean takesWhat(TypedMethod other) {
        int count = other.method.getParameterCount();
        int more = method.getParameterCount() - count;
        if (more != 0 && (more != 1 || !Throwable.class.isAssignableFrom(method.getParameterTypes()[count]))) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!isSame(other.parameter(i), parameter(i))) {
                return false;
            }
        }
        return true;
    }

    /** The type of failure that it takes after the arguments of the other one, or null if it takes none. */
    @Nullable
    Class<?> takesAfter(TypedMethod other) {
        int count = method.getParameterCount();
        return count > other.method.getParameterCount() ? method.getParameterTypes()[count - 1] : null;
    }

    /** Whether callers of the other one can take what it returns. */
    boolean returnsWhat(TypedMethod other) {
        ResolvableType wanted = other.returned();
        ResolvableType given = returned();
        Class<?> wantedClass = wanted.resolve(Object.class);
        Class<?> givenClass = given.resolve(Object.class);
        if (wantedClass == void.class || givenClass == void.class) {
            return wantedClass == givenClass;
        }
        return ClassUtils.isAssignable(wantedClass, givenClass)
                && (wantedClass.isPrimitive() || givenClass.isPrimitive() || accepts(wanted, given));
    }

    /** Name and parameter types, as people write them. */
    String signature() {
        return IntStream.range(0, method.getParameterCount())
                .mapToObj(i -> simple(parameter(i)))
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    /** Return type and parameters of a method of another name, as people write them. */
    String declaration(String name) {
        return IntStream.range(0, method.getParameterCount())
                .mapToObj(i -> simple(parameter(i)) + " " + method.getParameters()[i].getName())
                .collect(Collectors.joining(", ", simple(returned()) + " " + name + "(", ")"));
    }

    private static String simple(ResolvableType type) {
        return type.toString().replaceAll("[\\w.]*[.$]", "");
    }

    private ResolvableType parameter(int index) {
        return ResolvableType.forMethodParameter(method, index, type);
    }

    private ResolvableType returned() {
        return ResolvableType.forMethodReturnType(method, type);
    }

    private static boolean isSame(ResolvableType given, ResolvableType wanted) {
        return given.toClass() == wanted.toClass() && accepts(wanted, given);
    }

    /** Variables of a method can be anything, so they are not compared. */
    private static boolean accepts(ResolvableType wanted, ResolvableType given) {
        return wanted.hasUnresolvableGenerics() || given.hasUnresolvableGenerics() || wanted.isAssignableFrom(given);
    }
}
