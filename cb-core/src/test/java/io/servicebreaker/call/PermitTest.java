package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PermitTest {

    private final List<String> journal = new ArrayList<>();
    private final ScriptedGate first = ScriptedGate.granting("first", journal);
    private final ScriptedGate second = ScriptedGate.granting("second", journal);

    @Test
    void aFreePermitAddsNothing() {
        assertThat(first.and(Permit.FREE)).isSameAs(first);
        assertThat(Permit.FREE.and(first)).isSameAs(first);
        assertThat(Permit.FREE.and(Permit.FREE)).isSameAs(Permit.FREE);
    }

    @Test
    void aFreePermitTakesAnyOutcome() {
        Permit.FREE.finish(Outcome.NOT_RUN, 0, 0);

        assertThat(journal).isEmpty();
    }

    @Test
    void aPairIsFinishedInReverse() {
        first.and(second).finish(Outcome.SUCCESS, 1, 2);

        assertThat(journal).containsExactly("second SUCCESS", "first SUCCESS");
        assertThat(first.finishes()).containsExactly(new ScriptedGate.Finish(Outcome.SUCCESS, 1, 2));
    }

    @Test
    void aPairFinishesTheFirstAlsoWhenTheSecondThrows() {
        Permit throwing = (outcome, duration, now) -> {
            throw new IllegalStateException("fault");
        };

        assertThatIllegalStateException().isThrownBy(() -> first.and(throwing).finish(Outcome.SUCCESS, 1, 2));

        assertThat(journal).containsExactly("first SUCCESS");
    }

    @Test
    void tellsBothPermitsOfProgress() {
        AtomicInteger told = new AtomicInteger();

        new Progressing(told).and(new Progressing(told)).progressed();

        assertThat(told).hasValue(2);
    }

    @Test
    void aPairIsLateWhenOneOfItIs() {
        Permit late = new Late();

        assertThat(late.and(first).isLate()).isTrue();
        assertThat(first.and(late).isLate()).isTrue();
        assertThat(first.and(second).isLate()).isFalse();
        assertThat(Permit.FREE.isLate()).isFalse();
    }

    private record Late() implements Permit {

        @Override
        public boolean isLate() {
            return true;
        }

        @Override
        public void finish(Outcome outcome, long durationNanos, long nowNanos) {}
    }

    private record Progressing(AtomicInteger told) implements Permit {

        @Override
        public void progressed() {
            told.incrementAndGet();
        }

        @Override
        public void finish(Outcome outcome, long durationNanos, long nowNanos) {}
    }
}
