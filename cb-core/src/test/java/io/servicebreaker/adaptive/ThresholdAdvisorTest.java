package io.servicebreaker.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.UnknownServiceException;
import io.servicebreaker.event.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThresholdAdvisorTest {

    private final Past past = new Past();

    @Test
    void isMorePatientWhereShortRunsOfFailuresEndByThemselves() {
        past.maxAdjustment(0.5)
                .troubles(20, 1, 60, (minute, i, j) -> minute.good(54).failed(6).run(6));

        Recommendation found = recommended(Parameter.FAILURE_THRESHOLD);

        assertThat(found.recommended()).isEqualTo(7);
        assertThat(found.confidence()).isGreaterThan(0.99);
        assertThat(found.avoidedRefusals()).isGreaterThan(20 * 50);
        assertThat(found.avoidedFailures()).isBetween(-30.0, 0.0);
    }

    @Test
    void staysWithinMaxAdjustmentAndSaysSo() {
        past.maxAdjustment(0.5)
                .troubles(20, 1, 60, (minute, i, j) -> minute.good(54).failed(6).run(6));

        assertThat(recommended(Parameter.FAILURE_THRESHOLD).reason())
                .startsWith("failure-threshold 7 instead of 5 would have been better in 20 of 20 troubles in the last ")
                .endsWith("A value further from the configured 5 may be better still, but max-adjustment allows none.");
    }

    @Test
    void saysSoWhereWhatIsLearnedDecidesBesidesTheThreshold() {
        past.configured(settings -> settings.toBuilder().early(true, true).build())
                .troubles(20, 1, 60, (minute, i, j) -> minute.good(54).failed(6).run(6));

        assertThat(recommended(Parameter.FAILURE_THRESHOLD).reason())
                .contains("Here what is learned decides as well, until the value is set by hand");
    }

    @Test
    void isLessPatientWhereRunsOfFailuresAreTheBeginningOfOutages() {
        past.troubles(
                20,
                10,
                30,
                (minute, i, j) -> minute.failed(30, Duration.ofSeconds(10)).run(30 * (j + 1)));

        Recommendation found = recommended(Parameter.FAILURE_THRESHOLD);

        assertThat(found.recommended()).isEqualTo(4);
        assertThat(found.avoidedFailures()).isCloseTo(20, offset(5.0));
    }

    @Test
    void waitsLongerWhereProbesFailOnAndOnAndCostTime() {
        past.configured(settings -> settings.toBuilder()
                        .recoveryTimeout(Duration.ofSeconds(10))
                        .recoveryBackoffMultiplier(1.0)
                        .early(false, false)
                        .build())
                .troubles(
                        20,
                        60,
                        60,
                        (minute, i, j) ->
                                minute.failed(60, Duration.ofSeconds(25)).run(60 * (j + 1)));

        Recommendation found = recommended(Parameter.RECOVERY_TIMEOUT);

        assertThat(found.recommended()).isGreaterThan(10);
        assertThat(found.avoidedFailures()).isGreaterThan(20 * 5);
    }

    @Test
    void waitsShorterWhereTheServiceIsBackLongBefore() {
        past.troubles(20, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));

        Recommendation found = recommended(Parameter.RECOVERY_TIMEOUT);

        assertThat(found.recommended()).isEqualTo(42);
        assertThat(found.avoidedRefusals()).isCloseTo(20 * 18, offset(40.0));
        assertThat(found.reason()).contains("recovery-timeout 42s instead of 60s");
    }

    @Test
    void learnsFromRefusedCallsWhatHappenedNextToThem() {
        past.troubles(
                20,
                2,
                60,
                (minute, i, j) -> j == 0
                        ? minute.good(30).failed(5).run(5).opened().open(25, 25)
                        : minute.good(28).probes(3, 0).open(35, 32));

        Recommendation found = recommended(Parameter.RECOVERY_TIMEOUT);

        assertThat(found.recommended()).isEqualTo(42);
    }

    @Test
    void toleratesAHigherShareWhereHalfOfTheCallsAreWorthIt() {
        past.troubles(20, 20, 60, (minute, i, j) -> minute.good(27).failed(33).run(3));

        Recommendation found = recommended(Parameter.ERROR_RATE_THRESHOLD);

        assertThat(found.recommended()).isGreaterThan(0.55);
        assertThat(found.avoidedRefusals()).isPositive();
    }

    @Test
    void callsSlowWhatAnnouncesHangs() {
        announcedHangs(20);

        Recommendation found = recommended(Parameter.SLOW_CALL_DURATION);

        assertThat(found.recommended()).isLessThan(13);
    }

    @Test
    void isSurerWhereTheHistoryTellsFewerValuesApart() {
        announcedHangs(6);

        Recommendation found = recommended(Parameter.SLOW_CALL_DURATION);

        double byLuck = Math.pow(0.5, 6); // that one value looks better in each of six troubles
        assertThat(found.confidence()).isCloseTo(1 - byLuck, offset(1e-9));
    }

    private void announcedHangs(int troubles) {
        past.troubles(
                troubles,
                10,
                60,
                (minute, i, j) -> j < 2
                        ? minute.good(60, Duration.ofSeconds(12))
                        : minute.failed(20, Duration.ofSeconds(60))
                                .good(40, Duration.ofSeconds(58))
                                .run(2));
    }

    @Test
    void recommendsNothingForAServiceThatIsNotCalledOrAlwaysWell() {
        assertThat(past.recommendations()).isEmpty();

        past.healthy(0, 10_000, 60);

        assertThat(past.recommendations()).isEmpty();
    }

    @Test
    void recommendsNothingFromFewerCallsThanConfigured() {
        past.troubles(6, 1, 0, (minute, i, j) -> minute.good(5).failed(11).run(11));

        assertThat(past.minutes.stream().mapToLong(CallMinute::calls).sum()).isLessThan(100);
        assertThat(past.recommendations()).isEmpty();
    }

    @Test
    void recommendsNothingFromOneTrouble() {
        past.troubles(1, 1, 60, (minute, i, j) -> minute.good(54).failed(6).run(6));

        assertThat(past.recommendations()).isEmpty();
    }

    @Test
    void recommendsNothingWhereAllIsAlwaysTheSame() {
        for (int i = 0; i < 40_000; i++) {
            past.add(past.minute(i).good(30).failed(30).run(6));
        }

        assertThat(past.recommendations()).isEmpty();
    }

    @Test
    void recommendsForAParameterNothingBetterOnceItIsFollowed() {
        past.troubles(20, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));
        ThresholdAdvisor advisor = past.advisor();
        BreakerSettings followed = Parameter.RECOVERY_TIMEOUT.with(past.baseline(), 42);

        assertThat(advisor.advise(Minutes.SERVICE, followed))
                .extracting(Recommendation::parameter)
                .doesNotContain(Parameter.RECOVERY_TIMEOUT);
    }

    @Test
    void saysTheSameAgain() {
        past.troubles(20, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));
        ThresholdAdvisor advisor = past.advisor();

        List<Recommendation> first = advisor.advise(Minutes.SERVICE, past.baseline());
        advisor.refresh(Minutes.SERVICE);

        assertThat(advisor.advise(Minutes.SERVICE, past.baseline()))
                .isEqualTo(first)
                .isNotEmpty();
    }

    @Test
    void readsTheStoreOnceAndThenWhatIsNew() {
        past.troubles(20, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));
        ThresholdAdvisor advisor = past.advisor();
        past.time.advance(Duration.ofHours(1));

        advisor.refresh(Minutes.SERVICE);

        assertThat(past.reads).hasSize(2);
        assertThat(Duration.between(past.reads.get(0), past.reads.get(1)))
                .isEqualTo(Duration.ofDays(30).minusMinutes(5));
    }

    @Test
    void forgetsWhatIsOlderThanTheLearningWindow() {
        past.troubles(20, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));
        ThresholdAdvisor advisor = past.advisor();
        past.time.advance(Duration.ofDays(31));

        advisor.refresh(Minutes.SERVICE);

        assertThat(advisor.advise(Minutes.SERVICE, past.baseline())).isEmpty();
    }

    @Test
    void aValueThatIsBetterDayAfterDayIsToldOnce() {
        past.troubles(20, 1, 60, (minute, i, j) -> minute.good(50).failed(10).run(10));
        ThresholdAdvisor advisor = past.advisor();
        List<Double> qualities = new ArrayList<>();
        try (Events events = new Events()) {
            ThresholdAdjuster adjuster = new ThresholdAdjuster(
                    AdaptiveSettings.DEFAULTS,
                    new Breakers(Map.of(Minutes.SERVICE, past.baseline()), past.time, events, 5).all(),
                    service -> {
                        advisor.refresh(service);
                        List<Recommendation> found = advisor.advise(service, past.baseline());
                        found.forEach(each -> qualities.add(each.dataQuality()));
                        return found;
                    },
                    service -> Conditions.UNKNOWN,
                    past.time,
                    events,
                    new InternalFaults(past.time));

            for (int look = 0; look < 20; look++) {
                adjuster.look();
                past.time.advance(Duration.ofMinutes(15));
            }

            assertThat(qualities).as("of each look another").hasSizeGreaterThan(20);
            assertThat(qualities.get(0)).isNotEqualTo(qualities.get(qualities.size() - 1));
            assertThat(adjuster.newest(100, step -> true))
                    .isNotEmpty()
                    .extracting(ThresholdsAdjusted::parameter)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void leavesOutModels() {
        past.healthy(0, 100, 60)
                .troubles(
                        20,
                        1,
                        0,
                        (minute, i, j) -> minute.good(54).failed(10).run(10).ofModel("gpt"));

        assertThat(past.recommendations()).isEmpty();
    }

    @Test
    void knowsOnlyConfiguredServices() {
        assertThatThrownBy(() -> past.advisor().advise("opnai", past.baseline()))
                .isInstanceOf(UnknownServiceException.class);
        assertThatThrownBy(() -> past.advisor().refresh("opnai")).isInstanceOf(UnknownServiceException.class);
    }

    private Recommendation recommended(Parameter parameter) {
        List<Recommendation> found = past.recommendations();
        assertThat(found).extracting(Recommendation::parameter).contains(parameter);
        return found.stream()
                .filter(each -> each.parameter() == parameter)
                .findFirst()
                .orElseThrow();
    }
}
