package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimePartsTest {

    private static final long BEGIN = 1_000;
    private static final int PARTS = 5;

    private final TimeParts parts = new TimeParts(10, PARTS, BEGIN);

    @Test
    void takesWhatIsToldLateAsSpreadEvenly() {
        parts.add(6, BEGIN + 5);
        parts.add(30, BEGIN + 35);

        assertThat(ended()).containsExactly(11L, 10L, 10L);
        assertThat(parts.sum(3)).isEqualTo(36);
        assertThat(parts.nanos(3)).isEqualTo(35);
    }

    @Test
    void knowsThePartsThatBeganSinceSomeTime() {
        parts.add(1, BEGIN + 35);

        assertThat(parts.known(0)).isEqualTo(3);
        assertThat(parts.known(BEGIN)).isEqualTo(3);
        assertThat(parts.known(BEGIN + 1)).isEqualTo(2);
        assertThat(parts.known(BEGIN + 20)).isEqualTo(1);
        assertThat(parts.known(BEGIN + 31)).isZero();
    }

    @Test
    void forgetsWhatIsOlderThanItKeeps() {
        parts.add(70, BEGIN + 10);
        parts.add(0, BEGIN + 69);

        assertThat(parts.known(0)).isEqualTo(PARTS);
        assertThat(parts.sum(PARTS)).isZero();
    }

    @Test
    void keepsOnlyTheShareOfItsTimeOfALongOne() {
        parts.add(7, BEGIN + 3);
        parts.add(1000, BEGIN + 1003);

        assertThat(ended()).containsOnly(10L);
        assertThat(parts.sum(PARTS)).isEqualTo(53);
    }

    /** Against one that keeps everything, a nanosecond at a time. */
    @Property
    void agreesWithOneThatKeepsEveryNanosecond(
            @ForAll @Size(max = 30) List<@IntRange(max = 40) Integer> waits, @ForAll @IntRange(max = 7) int each) {
        TimeParts fast = new TimeParts(10, PARTS, BEGIN);
        List<Integer> all = new ArrayList<>();

        long now = BEGIN;
        for (int wait : waits) {
            now += wait;
            fast.add((long) each * wait, now);
            for (int i = 0; i < wait; i++) {
                all.add(each);
            }
        }

        assertThat(fast.ended()).isEqualTo(all.size() / 10);
        assertThat(fast.nextNanos()).isEqualTo(BEGIN + (all.size() / 10 + 1) * 10L);
        for (int back = 0; back < fast.known(0); back++) {
            assertThat(fast.before(back)).isEqualTo(10L * each);
        }
        assertThat(fast.sum(0)).isEqualTo((long) each * (all.size() % 10));
    }

    private List<Long> ended() {
        List<Long> amounts = new ArrayList<>();
        for (int back = parts.known(0) - 1; back >= 0; back--) {
            amounts.add(parts.before(back));
        }
        return amounts;
    }
}
