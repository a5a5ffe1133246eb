package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What the order of calls and the fate of refused ones is taken to be. */
class TimelineBuilderTest {

    private static final double TROUBLE = 5 * 60;

    private final Past past = new Past().healthy(0, 5, 60);

    @Test
    void aRunOfFailuresThatBeganAndEndedInAMinuteIsInItsMiddle() {
        past.add(past.minute(5).good(40).failed(20).run(20)).healthy(6, 9, 60);

        Timeline line = line();

        mustFail(line, TROUBLE, TROUBLE + 20, 0);
        mustFail(line, TROUBLE + 20, TROUBLE + 40, 1);
        mustFail(line, TROUBLE + 40, TROUBLE + 60, 0);
        assertThat(line.episodes).isEqualTo(1);
    }

    @Test
    void aRunThatGoesOnIsAtTheEndOfItsMinuteAndAtTheBeginningOfTheNext() {
        past.add(
                        past.minute(5).good(40).failed(20).run(20),
                        past.minute(6).good(40).failed(20).run(40))
                .healthy(7, 9, 60);

        Timeline line = line();

        mustFail(line, TROUBLE, TROUBLE + 40, 0);
        mustFail(line, TROUBLE + 40, TROUBLE + 80, 1);
        mustFail(line, TROUBLE + 80, TROUBLE + 120, 0);
    }

    @Test
    void failuresThatAreInNoRunAreSpreadEvenly() {
        past.add(past.minute(5).good(30).failed(30).run(10)).healthy(6, 9, 60);

        Timeline line = line();

        mustFail(line, TROUBLE, TROUBLE + 25, 20.0 / 50);
        mustFail(line, TROUBLE + 25, TROUBLE + 35, 1);
        mustFail(line, TROUBLE + 35, TROUBLE + 60, 20.0 / 50);
    }

    /** It fails from 30 s on; 10 s later it was last seen to fail, and 110 s later to succeed. */
    @Test
    void refusedCallsFailUntilTheMeanOfBothAgesThatTheTroubleMayHaveHad() {
        past.add(
                        past.minute(5).good(30).failed(10).run(10).opened().open(20, 20),
                        past.minute(6).open(60, 60),
                        past.minute(7).good(40).open(20, 20))
                .healthy(8, 12, 60);

        Timeline line = line();

        double over = TROUBLE + 30 + Math.sqrt(10 * 110);
        mustFail(line, TROUBLE, TROUBLE + 30, 0);
        mustFail(line, TROUBLE + 30, over, 1);
        mustFail(line, over, TROUBLE + 180, 0);
        assertThat(line.calls(line.at(0, TROUBLE + 100))).isCloseTo(TROUBLE + 120 - over, within(1e-9));
    }

    @Test
    void troublesThatAreFarApartAreSeveral() {
        past.add(past.minute(5).good(40).failed(20).run(20))
                .healthy(6, 60, 60)
                .add(past.minute(60).good(40).failed(20).run(20))
                .healthy(61, 65, 60);

        assertThat(line().episodes).isEqualTo(2);
    }

    private Timeline line() {
        HistoryDigest digest = new HistoryDigest(new Candidates(Past.BASELINE, 0.3));
        past.minutes.forEach(digest::accept);
        return TimelineBuilder.of(digest);
    }

    /** All of this time is in the line, and as large a share of its calls fails. */
    private static void mustFail(Timeline line, double from, double to, double share) {
        double at = from;
        for (int i = 0; i < line.size(); i++) {
            if (line.from(i) >= from - 1e-9 && line.from(i) < to - 1e-9) {
                assertThat(line.from(i)).isCloseTo(at, within(1e-9));
                assertThat(line.failureShare(i)).as("at %s", line.from(i)).isCloseTo(share, within(1e-9));
                at = line.to(i);
            }
        }
        assertThat(at).isCloseTo(to, within(1e-9));
    }
}
