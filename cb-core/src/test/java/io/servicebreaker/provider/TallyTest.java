package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

    private static final long SECOND = 1_000_000_000;

    private final Tally tally = new Tally();

    @Test
    void takesNothingIfOthersHaveTakenSomeMeanwhile() {
        take(3, 0);

        assertThat(tally.take(0, 1, 1, 0)).isFalse();
        assertThat(tally.taken()).isEqualTo(3);
    }

    @Test
    void countsWhatOthersTookAfterACallHadBegun() {
        take(3, SECOND);
        take(5, 9 * SECOND);
        take(7, 10 * SECOND);
        take(11, 11 * SECOND);

        tally.end(5, 9 * SECOND, 11 * SECOND);

        assertThat(tally.takenSince(9 * SECOND, 5, tally.taken(), 11 * SECOND)).isEqualTo(18);
    }

    @Test
    void countsNoCallThatHasEnded() {
        take(1, SECOND);
        take(1, SECOND);
        take(1, SECOND);

        tally.end(1, SECOND, SECOND);
        tally.end(1, SECOND, SECOND);

        assertThat(tally.takenSince(SECOND, 1, tally.taken(), SECOND)).isEqualTo(1);
    }

    @Test
    void countsNoCallThatNobodyEverEndsForLong() {
        take(100, SECOND);
        take(5, 9 * SECOND);

        tally.end(5, 9 * SECOND, 9 * SECOND);

        assertThat(tally.takenSince(9 * SECOND, 5, tally.taken(), 9 * SECOND)).isZero();
    }

    @Test
    void countsWhatIsUnderWayForACallThatBeganLongAgo() {
        take(5, SECOND);
        take(7, 1_000 * SECOND);
        take(7, 1_033 * SECOND); // in the place of the first
        tally.end(7, 1_000 * SECOND, 1_033 * SECOND);

        tally.end(5, SECOND, 1_033 * SECOND);

        assertThat(tally.takenSince(SECOND, 5, tally.taken(), 1_033 * SECOND)).isEqualTo(7);
    }

    @Test
    void countsNothingThatWasGivenBack() {
        take(5, SECOND);
        take(7, SECOND);
        tally.giveBack(7, 7, SECOND, SECOND);

        tally.end(5, SECOND, SECOND);

        assertThat(tally.taken()).isEqualTo(5);
        assertThat(tally.takenSince(SECOND, 5, tally.taken(), SECOND)).isZero();
    }

    @Test
    void forgetsACallThatNobodyEverEndsAfterTwoGenerations() {
        long late = UnderWay.GENERATION + SECOND;
        take(5, SECOND);
        take(7, late);

        assertThat(tally.takenSince(0, 0, tally.taken(), late)).isEqualTo(12);
        assertThat(tally.takenSince(0, 0, tally.taken(), 2 * UnderWay.GENERATION))
                .isEqualTo(7);
        assertThat(tally.isIdle(2 * UnderWay.GENERATION)).isFalse();
        assertThat(tally.isIdle(3 * UnderWay.GENERATION)).isTrue();
    }

    @Test
    void countsAsMuchAtTheEndAsAtTheBeginningWhateverTheCallCouldTake() {
        assertThat(tally.take(0, 0, 9, SECOND)).isTrue();
        assertThat(tally.isIdle(SECOND)).isFalse();

        tally.end(9, SECOND, 2 * SECOND);

        assertThat(tally.isIdle(2 * SECOND)).isTrue();
        assertThat(tally.taken()).isZero();
    }

    private void take(long amount, long now) {
        assertThat(tally.take(tally.taken(), amount, amount, now)).isTrue();
    }
}
