package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ReflectionUtils;

/** The methods of a class as its author sees them. */
final class BeanMethods {

    /** Several checks ask for the same class at start-up, nobody does later. */
    private static final Map<Class<?>, Set<Method>> KNOWN = new ConcurrentReferenceHashMap<>();

    private BeanMethods() {}

    /**
     * Every method that an object of the class has, private and static ones included, overridden and generated ones
     * not. Those of a JDK proxy are the methods of its interfaces.
     */
    static Set<Method> of(Class<?> type) {
        return KNOWN.computeIfAbsent(type, BeanMethods::find);
    }

    private static Set<Method> find(Class<?> type) {
        Set<Method> methods = new LinkedHashSet<>();
        if (!Proxy.isProxyClass(type)) {
            for (Class<?> c = ClassUtils.getUserClass(type); c != null && c != Object.class; c = c.getSuperclass()) {
                addMethods(c, type, methods);
            }
        }
        for (Class<?> each : interfaces(type)) {
            addMethods(each, type, methods);
        }
        return Collections.unmodifiableSet(methods);
    }

    /** Every interface that an object of the class has, inherited ones included. */
    static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            addInterfaces(c, interfaces);
        }
        return interfaces;
    }

    /** The method that runs when this one is called; for a JDK proxy that of the most special interface. */
    static Method mostSpecific(Method method, Class<?> type) {
        return Proxy.isProxyClass(type)
                ? mostSpecialOf(method, type.getInterfaces())
                : AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(type));
    }

    private static Method mostSpecialOf(Method method, Class<?>[] interfaces) {
        for (Class<?> each : interfaces) {
            if (method.getDeclaringClass().isAssignableFrom(each)) {
                return AopUtils.getMostSpecificMethod(method, each);
            }
        }
        return method;
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
        if (!type.isInterface() || interfaces.add(type)) {
            for (Class<?> each : type.getInterfaces()) {
                addInterfaces(each, interfaces);
            }
        }
    }

    private static void addMethods(Class<?> declaring, Class<?> type, Set<Method> methods) {
        for (Method method : ReflectionUtils.getDeclaredMethods(declaring)) {
            if (!method.isBridge() && !method.isSynthetic() && !isOverridden(method, type)) {
                methods.add(method);
            }
        }
    }

    private static boolean isOverridden(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        boolean inherited = !Modifier.isPrivate(modifiers) && !Modifier.isStatic(modifiers);
        return inherited && !mostSpecific(method, type).equals(method);
    }
}
