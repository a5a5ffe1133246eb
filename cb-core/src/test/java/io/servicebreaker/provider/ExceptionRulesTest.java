package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExceptionRulesTest {

    @Test
    void haveNoOpinionUnlessConfigured() {
        assertThat(ExceptionRules.NONE.judge(new IOException())).isEmpty();
    }

    @Test
    void ignoreATypeAndItsSubtypes() {
        ExceptionRules rules = new ExceptionRules(List.of(IOException.class), List.of());

        assertThat(rules.judge(new IOException())).contains(false);
        assertThat(rules.judge(new FileNotFoundException())).contains(false);
        assertThat(rules.judge(new IllegalStateException())).isEmpty();
    }

    @Test
    void countNothingButWhatIsRecorded() {
        ExceptionRules rules = new ExceptionRules(List.of(), List.of(IOException.class));

        assertThat(rules.judge(new IOException())).contains(true);
        assertThat(rules.judge(new FileNotFoundException())).contains(true);
        assertThat(rules.judge(new IllegalStateException())).contains(false);
    }

    @Test
    void ignoringWins() {
        ExceptionRules rules = new ExceptionRules(List.of(FileNotFoundException.class), List.of(IOException.class));

        assertThat(rules.judge(new FileNotFoundException())).contains(false);
        assertThat(rules.judge(new IOException())).contains(true);
    }

    @ParameterizedTest
    @MethodSource("wrapped")
    void lookThroughTheWrappersOfFutures(Throwable wrapped) {
        ExceptionRules rules = new ExceptionRules(List.of(), List.of(IOException.class));

        assertThat(rules.judge(wrapped)).contains(true);
    }

    static Stream<Throwable> wrapped() {
        IOException own = new IOException();
        return Stream.of(
                new CompletionException(own),
                new ExecutionException(own),
                new InvocationTargetException(own),
                new CompletionException(new ExecutionException(own)));
    }

    @Test
    void doNotLookThroughWhatIsNoWrapper() {
        ExceptionRules rules = new ExceptionRules(List.of(IOException.class), List.of());

        assertThat(rules.judge(new IllegalStateException(new IOException()))).isEmpty();
    }

    @Test
    void judgeAnEmptyWrapperByItself() {
        ExceptionRules rules = new ExceptionRules(List.of(CompletionException.class), List.of());

        assertThat(rules.judge(new CompletionException("no cause", null))).contains(false);
    }

    @Test
    @Timeout(30)
    void endOnCyclicCauses() {
        ExceptionRules rules = new ExceptionRules(List.of(IOException.class), List.of());
        Cycle cycle = new Cycle();

        assertThat(rules.judge(cycle)).isEmpty();
    }

    @Test
    void keepTheirOwnCopyOfTheLists() {
        List<Class<? extends Throwable>> ignored = new ArrayList<>(List.of(IOException.class));
        ExceptionRules rules = new ExceptionRules(ignored, List.of());

        ignored.clear();

        assertThat(rules.judge(new IOException())).contains(false);
    }

    /** A wrapper that is its own cause. */
    static final class Cycle extends CompletionException {

        private static final long serialVersionUID = 1L;

        Cycle() {
            super("cycle", null);
        }

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }
}
