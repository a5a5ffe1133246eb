package io.servicebreaker.spring.aop;

import java.lang.reflect.Method;
import org.springframework.util.ClassUtils;

/**
 * One mistake in the use of the annotation.
 *
 * @param where class and method
 * @param what what is wrong, a sentence
 * @param fix what to do about it, a sentence
 */
record Problem(String where, String what, String fix) {

    static Problem at(Method method, String what, String fix) {
        return new Problem(describe(method), what, fix);
    }

    /** Class, name and parameter types, as people write them. */
    static String describe(Method method) {
        return ClassUtils.getUserClass(method.getDeclaringClass()).getName() + "." + signature(method);
    }

    static String signature(Method method) {
        StringBuilder signature = new StringBuilder(method.getName()).append('(');
        for (Class<?> type : method.getParameterTypes()) {
            signature.append(signature.charAt(signature.length() - 1) == '(' ? "" : ", ");
            signature.append(type.getSimpleName());
        }
        return signature.append(')').toString();
    }

    @Override
    public String toString() {
        return where + ": " + what + " " + fix;
    }
}
