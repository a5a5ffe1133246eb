package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.WildcardType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * A method as the objects of a class have it: its type variables stand for what the class makes of them.
 *
 * <p>A suspend function of Kotlin has a last parameter more than people write, a continuation, whose type argument is
 * what the function returns.
 */
record TypedMethod(Method method, Class<?> type) {

    /** Whether it can be called with the arguments of the other one, and perhaps a failure after them. */
    boolean takesWhat(TypedMethod other) {
        int count = other.parameterCount();
        int more = parameterCount() - count;
        if (more != 0 && (more != 1 || !Throwable.class.isAssignableFrom(method.getParameterTypes()[count]))) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!isSame(other.parameter(i), parameter(i))) {
                return false;
            }
        }
        return other.isSuspending() || !isSuspending(); // who does not suspend has no continuation to hand on
    }

    /** The type of failure that it takes after the arguments of the other one, or null if it takes none. */
    @Nullable
    Class<?> takesAfter(TypedMethod other) {
        int count = parameterCount();
        return count > other.parameterCount() ? method.getParameterTypes()[count - 1] : null;
    }

    boolean isSuspending() {
        return KotlinDetector.isSuspendingFunction(method);
    }

    /** Number of parameters that people write. */
    int parameterCount() {
        return method.getParameterCount() - (isSuspending() ? 1 : 0);
    }

    /** What it returns, {@link Object} if that can be anything. */
    Class<?> returnedClass() {
        return returned().resolve(Object.class);
    }

    /** What it answers in the end, {@link Object} if that can be anything: {@code void} and its likes are nothing. */
    Class<?> answeredClass() {
        ResolvableType returned = returned();
        return returned.hasGenerics() ? returned.getGeneric(0).resolve(Object.class) : returnedClass();
    }

    /** Whether there is no answer but that it has ended. */
    boolean answersNothing() {
        Class<?> type = answeredClass();
        return type == void.class || type == Void.class || type.getName().equals("kotlin.Unit");
    }

    /** Whether callers of the other one can take what it returns. */
    boolean returnsWhat(TypedMethod other) {
        ResolvableType wanted = other.returned();
        ResolvableType given = returned();
        Class<?> wantedClass = other.returnedClass();
        Class<?> givenClass = returnedClass();
        if (wantedClass == void.class || givenClass == void.class) {
            return wantedClass == givenClass;
        }
        return ClassUtils.isAssignable(wantedClass, givenClass)
                && (wantedClass.isPrimitive() || givenClass.isPrimitive() || accepts(wanted, given));
    }

    /** Name and parameter types, as people write them. */
    String signature() {
        return IntStream.range(0, parameterCount())
                .mapToObj(i -> simple(parameter(i)))
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    /** Return type and parameters of a method of another name, as people write them. */
    String declaration(String name) {
        return IntStream.range(0, parameterCount())
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
        return isSuspending() ? continued() : ResolvableType.forMethodReturnType(method, type);
    }

    /** A continuation is declared as one of {@code ? super T}. */
    private ResolvableType continued() {
        ResolvableType continuation = parameter(parameterCount());
        ResolvableType result = continuation.getGeneric(0);
        return result.getType() instanceof WildcardType wildcard && wildcard.getLowerBounds().length > 0
                ? ResolvableType.forType(wildcard.getLowerBounds()[0], continuation)
                : result;
    }

    private static boolean isSame(ResolvableType given, ResolvableType wanted) {
        return given.toClass() == wanted.toClass() && accepts(wanted, given);
    }

    /** Variables of a method can be anything, so they are not compared. */
    private static boolean accepts(ResolvableType wanted, ResolvableType given) {
        return wanted.hasUnresolvableGenerics() || given.hasUnresolvableGenerics() || wanted.isAssignableFrom(given);
    }
}
