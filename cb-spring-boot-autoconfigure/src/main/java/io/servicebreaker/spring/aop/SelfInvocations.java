package io.servicebreaker.spring.aop;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.asm.ClassReader;
import org.springframework.asm.Type;
import org.springframework.util.ClassUtils;

/**
 * Warns of calls that a bean makes to its own annotated methods: they do not pass the proxy, so no breaker sees them.
 *
 * <p>It reads the class files of the bean. A call is reported when its receiver was loaded as {@code this}, also in a
 * lambda and as {@code this::method}. A call on another object of the same class, from an inner class, or on {@code
 * this} kept in a variable looks like any other and is not reported.
 */
final class SelfInvocations {

    private static final Logger log = LoggerFactory.getLogger(SelfInvocations.class);

    private SelfInvocations() {}

    static void warn(Class<?> type, Map<Method, Declaration> declarations) {
        Map<String, String> guarded = new HashMap<>();
        declarations
                .values()
                .forEach(declaration -> guarded.put(
                        declaration.method().getName() + Type.getMethodDescriptor(declaration.method()),
                        declaration.annotation().value()));
        for (Class<?> c = type; c != null && c != Object.class && !guarded.isEmpty(); c = c.getSuperclass()) {
            scan(c, guarded);
        }
    }

    private static void scan(Class<?> type, Map<String, String> guarded) {
        try (InputStream file = type.getResourceAsStream(ClassUtils.getClassFileName(type))) {
            if (file != null) {
                SelfInvocationScan scan = new SelfInvocationScan(guarded.keySet(), SelfInvocations::warn);
                new ClassReader(file).accept(scan, ClassReader.SKIP_FRAMES);
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            log.debug("No look for self-invocations in {}", type.getName(), e);
        }
    }

    private static void warn(SelfInvocationScan.Found found) {
        log.warn(
                "{}:{}: {} calls {} on this, which passes by the proxy: @ServiceBreaker has no effect on that call. "
                        + "Move {} to another bean, or call it on the bean itself, injected with @Lazy",
                found.className(),
                found.line(),
                found.caller(),
                found.callee(),
                found.callee());
    }
}
