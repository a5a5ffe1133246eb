package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Why a call of a method cannot pass a proxy. */
enum Obstacle {
    PRIVATE("is private", "Make it public."),
    STATIC("is static", "Make it an instance method."),
    FINAL("is final", "Remove final."),
    HIDDEN("is package-private in another package than the class of its bean", "Make it public or protected."),
    NOT_IN_INTERFACE(
            "is in none of the interfaces by which its bean is proxied",
            "Declare it in one of them, or set spring.aop.proxy-target-class=true.");

    private final String what;
    private final String fix;

    Obstacle(String what, String fix) {
        this.what = what;
        this.fix = fix;
    }

    /** The obstacle between the callers of a bean and its method, or null if there is none. */
    static @Nullable Obstacle of(Method method, Owner owner) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers)) {
            return PRIVATE;
        }
        if (Modifier.isStatic(modifiers)) {
            return STATIC;
        }
        return owner.isInterfaceBased() ? ofInterfaces(method, owner) : ofSubclass(method, owner.userClass());
    }

    private static @Nullable Obstacle ofInterfaces(Method method, Owner owner) {
        return owner.interfaceMethod(method) == null ? NOT_IN_INTERFACE : null;
    }

    private static @Nullable Obstacle ofSubclass(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        if (Modifier.isFinal(modifiers)) {
            return FINAL;
        }
        boolean packagePrivate = !Modifier.isPublic(modifiers) && !Modifier.isProtected(modifiers);
        boolean elsewhere = !method.getDeclaringClass().getPackageName().equals(type.getPackageName());
        return packagePrivate && elsewhere ? HIDDEN : null;
    }

    /** Goes on a sentence that begins with the method. */
    String what() {
        return what;
    }

    /** A sentence. */
    String fix() {
        return fix;
    }
}
