package io.servicebreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

@ExtendWith(OutputCaptureExtension.class)
class SelfInvocationTest {

    private static final String WARNING = "which passes by the proxy";

    @Test
    void isWarnedOfWithClassAndLine(CapturedOutput output) {
        start(Direct.class);

        assertThat(output.getOut().lines().filter(line -> line.contains(WARNING)))
                .singleElement()
                .asString()
                .contains("WARN")
                .containsPattern("SelfInvocationTest\\$Direct:\\d+: all calls ask on this")
                .contains("Move ask to another bean");
    }

    @Test
    void isSeenInLambdasAndMethodReferences(CapturedOutput output) {
        start(Indirect.class);

        assertThat(output)
                .containsPattern("Indirect:\\d+: inLambda calls ask on this")
                .containsPattern("Indirect:\\d+: byReference calls ask on this");
    }

    @Test
    void isSeenBehindBranchesAndLongArguments(CapturedOutput output) {
        start(Branching.class);

        assertThat(output)
                .containsPattern("Branching:\\d+: ternary calls ask on this")
                .containsPattern("Branching:\\d+: looped calls ask on this")
                .containsPattern("Branching:\\d+: recovered calls ask on this")
                .containsPattern("Branching:\\d+: numbers calls wide on this");
    }

    @Test
    void isSeenInASubclass(CapturedOutput output) {
        start(Heir.class);

        assertThat(output).containsPattern("Heir:\\d+: more calls ask on this");
    }

    @Test
    void isNotTakenForACallOfAnotherObject(CapturedOutput output) {
        start(Innocent.class);

        assertThat(output).doesNotContain(WARNING);
    }

    @Test
    void isNotLookedForBeforeTheApplicationIsReady(CapturedOutput output) {
        SelfInvocations selfInvocations = looking();

        selfInvocations.look(Direct.class);
        assertThat(output).doesNotContain(WARNING);
        selfInvocations.ready();
        assertThat(output).contains("Direct:");
        selfInvocations.look(Heir.class);
        assertThat(output).contains("Heir:");
    }

    @Test
    void isLookedForOnceInEachClass(CapturedOutput output) {
        SelfInvocations selfInvocations = looking();
        selfInvocations.ready();

        selfInvocations.look(Direct.class);
        selfInvocations.look(Direct.class);

        assertThat(output.getOut().lines().filter(line -> line.contains(WARNING)))
                .hasSize(1);
    }

    @Test
    void isNotLookedForWhenNobodyWouldHearOfIt(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(ClassUtils.getDefaultClassLoader());
        SelfInvocations selfInvocations = looking();

        logging.setLogLevel(SelfInvocations.class.getName(), LogLevel.ERROR);
        selfInvocations.look(Direct.class);
        logging.setLogLevel(SelfInvocations.class.getName(), null);
        selfInvocations.ready();

        assertThat(output).doesNotContain(WARNING);
    }

    @Test
    void isLookedForOnAThreadThatNobodyWaitsFor(CapturedOutput output) throws InterruptedException {
        try (var context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run()) {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("service-breaker-self-invocations")) {
                    assertThat(thread.isDaemon()).isTrue();
                    thread.join();
                }
            }

            assertThat(context.isActive()).isTrue();
            assertThat(output).containsPattern("SelfInvocationTest\\$Direct:\\d+: all calls ask on this");
        }
    }

    @Test
    void passesOverAClassWithoutAFile() throws Exception {
        Class<?> hidden = new Unreadable().define(Direct.class);
        SelfInvocations selfInvocations = looking();

        selfInvocations.look(hidden);
        selfInvocations.ready();

        assertThat(hidden.getResourceAsStream("SelfInvocationTest$Direct.class"))
                .isNull();
    }

    private static void start(Class<?> type) {
        SelfInvocations selfInvocations = looking();
        selfInvocations.look(type);
        selfInvocations.ready();
    }

    /** Looks on the thread of the test. */
    private static SelfInvocations looking() {
        return new SelfInvocations(new Declarations(new Placeholders(new StandardEnvironment())), Runnable::run);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(AnnotationAutoConfiguration.class)
    @Import({GuardedServices.class, Direct.class})
    static class Application {}

    /** Has classes, but not their files. */
    private static final class Unreadable extends ClassLoader {

        private Unreadable() {
            super(SelfInvocationTest.class.getClassLoader());
        }

        Class<?> define(Class<?> original) throws java.io.IOException {
            try (var file = original.getResourceAsStream("SelfInvocationTest$Direct.class")) {
                byte[] bytes = java.util.Objects.requireNonNull(file).readAllBytes();
                return defineClass(original.getName(), bytes, 0, bytes.length);
            }
        }

        @Override
        public java.net.@Nullable URL getResource(String name) {
            return null;
        }
    }

    static class Direct {

        @ServiceBreaker("openai")
        public String ask(String question) {
            return question;
        }

        public String all(String question) {
            return ask(question);
        }
    }

    static class Indirect {

        @ServiceBreaker("openai")
        public String ask(String question) {
            return question;
        }

        public Supplier<String> inLambda(String question) {
            return () -> ask(question);
        }

        public Function<String, String> byReference() {
            return this::ask;
        }
    }

    static class Branching {

        private long count;

        @ServiceBreaker("openai")
        public String ask(String question) {
            return question;
        }

        @ServiceBreaker("openai")
        public double wide(long number, double factor) {
            return number * factor;
        }

        public String ternary(boolean polite) {
            return ask(polite ? "please" : "now");
        }

        public String looped(List<String> questions) {
            String last = "";
            for (String question : questions) {
                switch (question) {
                    case "a" -> last = ask(question + last);
                    case "b" -> last = "b";
                    default -> last = "none";
                }
            }
            return last;
        }

        public String recovered(String question) {
            try {
                return question.trim();
            } catch (IllegalStateException e) {
                return ask(e.getMessage());
            }
        }

        public double numbers(long[] numbers, int[][] table) {
            count = numbers[0]++ + (long) table[0][1] * 3L;
            return wide(count++ % 7 > 2 ? numbers[1] : -count, numbers.length / 2.0 + (float) count);
        }
    }

    static class Heir extends Direct {

        public String more() {
            return ask("more");
        }
    }

    static class Innocent {

        private final @Nullable Innocent other;

        Innocent() {
            this.other = null;
        }

        @ServiceBreaker("openai")
        public @Nullable String ask(String question) {
            return question;
        }

        public @Nullable String delegated(Innocent parameter) {
            return other == null ? parameter.ask("q") : other.ask("q");
        }

        public Function<String, @Nullable String> reference(Innocent parameter) {
            return parameter::ask;
        }

        public static @Nullable String shared(Innocent first) {
            return first.ask("q");
        }
    }
}
