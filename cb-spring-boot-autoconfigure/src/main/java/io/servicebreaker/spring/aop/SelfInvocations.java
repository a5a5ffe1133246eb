package io.servicebreaker.spring.aop;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.asm.ClassReader;
import org.springframework.asm.Type;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ClassUtils;

/**
 * Warns of calls that a bean makes to its own annotated methods: they do not pass the proxy, so no breaker sees them.
 *
 * <p>It reads the class files of the bean. A call is reported when its receiver was loaded as {@code this}, also in a
 * lambda and as {@code this::method}. A call on another object of the same class, from an inner class, or on {@code
 * this} kept in a variable looks like any other and is not reported.
 *
 * <p>Nobody should wait for a warning: it reads on another thread, once the application is ready.
 */
final class SelfInvocations implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(SelfInvocations.class);

    private final Declarations declarations;
    private final Executor background;
    private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();
    private final Queue<Class<?>> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean ready;

    SelfInvocations(Declarations declarations, Executor background) {
        this.declarations = declarations;
        this.background = background;
    }

    /** Asks for a look at the class of a bean. */
    void look(Class<?> type) {
        if (log.isWarnEnabled() && seen.add(type)) {
            waiting.add(type);
            if (ready) {
                background.execute(this::scanWaiting);
            }
        }
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        ready();
    }

    void ready() {
        ready = true;
        background.execute(this::scanWaiting);
    }

    private void scanWaiting() {
        for (Class<?> type = waiting.poll(); type != null; type = waiting.poll()) {
            scanAll(type);
        }
    }

    private void scanAll(Class<?> type) {
        Set<String> guarded = new HashSet<>();
        for (Method method : declarations.all(type).keySet()) {
            guarded.add(method.getName() + Type.getMethodDescriptor(method));
        }
        for (Class<?> c = type; c != null && c != Object.class && !guarded.isEmpty(); c = c.getSuperclass()) {
            scan(c, guarded);
        }
    }

    private static void scan(Class<?> type, Set<String> guarded) {
        try (InputStream file = type.getResourceAsStream(ClassUtils.getClassFileName(type))) {
            if (file != null) {
                SelfInvocationScan scan = new SelfInvocationScan(guarded, SelfInvocations::warn);
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
