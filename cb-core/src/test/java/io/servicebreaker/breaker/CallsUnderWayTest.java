package io.servicebreaker.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CallsUnderWayTest {

    private static final long SECOND = 1_000_000_000;
    private static final long START = 7 * SECOND;

    private final CallsUnderWay calls = new CallsUnderWay(START);
    private final Seen seen = new Seen();

    @Test
    void tellsOfEachEndOnce() {
        calls.begin(START);
        calls.begin(START);
        calls.begin(START);
        calls.succeeded(START, START + SECOND);
        calls.failed(START, START + SECOND);
        calls.answered(START, START + SECOND);
        calls.read(START + SECOND, seen);
        calls.read(START + SECOND, seen);

        assertThat(seen.succeeded).isEqualTo(1);
        assertThat(seen.failed).isEqualTo(1);
    }

    @Test
    void tellsOfCallsThatGetOverdueAndInWhichStageTheyEnd() {
        calls.begin(START);
        calls.begin(START);
        calls.read(START + 3 * SECOND, seen);
        assertThat(seen.underWay).containsExactly(-2, 2, 0);
        calls.succeeded(START, START + 4 * SECOND);
        calls.read(START + 10 * SECOND, seen);

        assertThat(seen.endedInStage).containsExactly(0, 1, 0);
        assertThat(seen.underWay).containsExactly(-2, 1, 1);
    }

    @Test
    void tellsOfAnEndHoweverLateItComes() {
        calls.begin(START);
        calls.read(START + 3600 * SECOND, seen);
        calls.failed(START, START + 3600 * SECOND);
        calls.read(START + 3600 * SECOND, seen);

        assertThat(seen.failed).isEqualTo(1);
        assertThat(seen.endedInStage).containsExactly(0, 0, 1);
    }

    @Test
    void hearsNothingOfWhatIsForgotten() {
        calls.begin(START);
        calls.forget();
        calls.read(START + 10 * SECOND, seen);

        assertThat(seen.underWay).containsExactly(0, 0, 0);
    }

    /** However calls and looks follow each other, at the end all ends are told and nobody is under way. */
    @Property
    void losesNothing(@ForAll @Size(max = 200) List<@IntRange(max = 40) Integer> steps) {
        CallsUnderWay some = new CallsUnderWay(START);
        Seen told = new Seen();
        List<Long> begun = new ArrayList<>();
        long now = START;
        long ended = 0;
        for (int step : steps) {
            now += step * SECOND / 4;
            if (step % 3 == 0 || begun.isEmpty()) {
                some.begin(now);
                begun.add(now);
            } else if (step % 3 == 1) {
                ended++;
                end(some, begun.remove(step % begun.size()), now, ended);
            } else {
                some.read(now, told);
            }
        }
        for (long start : begun) {
            ended++;
            end(some, start, now, ended);
        }
        some.read(now, told);

        assertThat(told.succeeded + told.failed).isEqualTo(ended);
        assertThat(told.endedInStage[1] + told.endedInStage[2] + told.endedInStage[0])
                .isEqualTo((int) ended);
    }

    private static void end(CallsUnderWay some, long start, long now, long number) {
        if (number % 4 == 0) {
            some.failed(start, now);
        } else {
            some.succeeded(start, now);
        }
    }

    @RepeatedTest(5)
    void losesNoEndWhileThreadsSpreadOverLanesAndOneReads() {
        int threads = 8;
        int each = 20_000;
        Threads.run(threads + 1, thread -> {
            if (thread == threads) {
                for (int i = 0; i < 200; i++) {
                    calls.read(START + SECOND, seen);
                }
            } else {
                for (int i = 0; i < each; i++) {
                    calls.begin(START);
                    if (i % 5 == 0) {
                        calls.failed(START, START);
                    } else {
                        calls.succeeded(START, START);
                    }
                }
            }
        });
        calls.read(START + SECOND, seen);

        assertThat(seen.succeeded).isEqualTo((long) threads * each * 4 / 5);
        assertThat(seen.failed).isEqualTo((long) threads * each / 5);
    }

    /** Stages begin after two seconds and after eight. */
    private static final class Seen implements CallsUnderWay.Reader {

        private long succeeded;
        private long failed;
        private final int[] underWay = new int[3];
        private final int[] endedInStage = new int[3];

        @Override
        public void ended(int stage, int ok, int bad, int others) {
            succeeded += ok;
            failed += bad;
            endedInStage[stage] += ok + bad;
        }

        @Override
        public void overdue(int from, int to, int count) {
            underWay[from] -= count;
            underWay[to] += count;
        }

        @Override
        public int stage(long ageNanos) {
            return ageNanos >= 8 * SECOND ? 2 : ageNanos >= 2 * SECOND ? 1 : 0;
        }
    }
}
