package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

    private static final long SECOND = 1_000_000_000;

    private final Tally tally = new Tally();

    @Test
    void takesNothingIfOthersHaveTakenSomeMeanwhile() {
        take(3, 0);

        assertThat(tally.take(0, 1, 0)).isFalse();
        assertThat(tally.taken()).isEqualTo(3);
    }

    @Test
    void countsWhatOthersTookAfterACallHadBegun() {
        take(3, SECOND);
        take(5, 9 * SECOND);
        take(7, 10 * SECOND);
        take(11, 11 * SECOND);

        tally.end(5);

        assertThat(tally.takenSince(9 * SECOND, 5, tally.taken())).isEqualTo(18);
    }

    @Test
    void countsNoCallThatHasEnded() {
        take(1, SECOND);
        take(1, SECOND);
        take(1, SECOND);

        tally.end(1);
        tally.end(1);

        assertThat(tally.takenSince(SECOND, 1, tally.taken())).isEqualTo(1);
    }

    @Test
    void countsNoCallThatNobodyEverEndsForLong() {
        take(100, SECOND);
        take(5, 9 * SECOND);

        tally.end(5);

        assertThat(tally.takenSince(9 * SECOND, 5, tally.taken())).isZero();
    }

    @Test
    void countsWhatIsUnderWayForACallThatBeganLongAgo() {
        take(5, SECOND);
        take(7, 1_000 * SECOND);
        take(7, 1_033 * SECOND); // in the place of the first
        tally.end(7);

        tally.end(5);

        assertThat(tally.takenSince(SECOND, 5, tally.taken())).isEqualTo(7);
    }

    @Test
    void countsNothingThatWasGivenBack() {
        take(5, SECOND);
        take(7, SECOND);
        tally.giveBack(7);

        tally.end(5);

        assertThat(tally.taken()).isEqualTo(5);
        assertThat(tally.takenSince(SECOND, 5, tally.taken())).isZero();
    }

    private void take(long amount, long now) {
        assertThat(tally.take(tally.taken(), amount, now)).isTrue();
    }
}
