package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.InvalidSettingException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.provider.HealthSignal.Bad;
import io.servicebreaker.provider.HealthSignal.Numbers;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HealthSignalsTest {

    private static final Outcome GOOD = Outcome.SUCCESS;
    private static final Outcome POOR = Outcome.failure(FailureCause.QUALITY);

    private final FakeTime time = new FakeTime();

    @Test
    void aRatioIsTheShareOfGoodObservations() {
        HealthSignals signals = signals(ratio(Bad.QUALITY, 0.7, 20, 10));

        observe(signals, GOOD, 8);
        observe(signals, POOR, 2);

        assertThat(reading(signals)).isEqualTo(new SignalReading("it", 0.8, 0.7, 10, false, 1));
    }

    @Test
    void aRatioBelowItsThresholdIsTripped() {
        HealthSignals signals = signals(ratio(Bad.QUALITY, 0.7, 20, 10));

        observe(signals, GOOD, 6);
        observe(signals, POOR, 4);

        assertThat(reading(signals).tripped()).isTrue();
        assertThat(signals.health()).isCloseTo(0.5 + 0.5 * 0.6 / 0.7, within(1e-9));
    }

    @Test
    void saysNothingBelowTheMinimum() {
        HealthSignals signals = signals(ratio(Bad.QUALITY, 0.7, 20, 10));

        observe(signals, POOR, 9);

        assertThat(reading(signals)).isEqualTo(new SignalReading("it", 0.0, 0.7, 9, false, 1));
    }

    @Test
    void isNeutralWhileNothingIsKnown() {
        HealthSignals signals =
                signals(ratio(Bad.QUALITY, 0.7, 20, 10), run(Bad.RULE, 3), level(0.9), ratio(Bad.MISS, 0.3, 9, 9));

        assertThat(signals.health()).isEqualTo(1);
        assertThat(signals.readings()).extracting(SignalReading::value).containsExactly(0.0, null, null, null);
    }

    @Test
    void forgetsWhatCameBeforeTheLastObservations() {
        HealthSignals signals = signals(ratio(Bad.QUALITY, 0.7, 20, 10));
        observe(signals, POOR, 30);

        observe(signals, GOOD, 15);

        assertThat(reading(signals).value()).isEqualTo(0.75);
        assertThat(reading(signals).tripped()).isFalse();
    }

    @Test
    void forgetsWhatIsTooOld() {
        HealthSignals signals = signals(ratio(Bad.QUALITY, 0.7, 20, 10), level(0.9));
        observe(signals, POOR, 10);
        signals.observe("it", 1.0);

        time.advance(Duration.ofMinutes(10));

        assertThat(signals.readings()).extracting(SignalReading::observations).containsExactly(0, 0);
        assertThat(signals.health()).isEqualTo(1);
    }

    @Test
    void remembersForTheWindowWhereThatIsLonger() {
        BreakerSettings settings = BreakerSettings.defaults().toBuilder()
                .window(Duration.ofMinutes(30))
                .build();
        HealthSignals signals = new HealthSignals(List.of(ratio(Bad.QUALITY, 0.7, 20, 10)), settings, time);
        observe(signals, POOR, 10);

        time.advance(Duration.ofMinutes(29));

        assertThat(reading(signals).tripped()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = FailureCause.class, names = "QUALITY", mode = EnumSource.Mode.EXCLUDE)
    void judgesQualityByAnswersAlone(FailureCause cause) {
        HealthSignals signals = signals(ratio(Bad.QUALITY, 0.7, 20, 10));

        observe(signals, Outcome.failure(cause), 1);
        observe(signals, Outcome.ignored(cause), 1);

        assertThat(reading(signals).observations()).isZero();
    }

    @Test
    void countsLookUpsAlone() {
        HealthSignals signals = signals(ratio(Bad.MISS, 0.3, 100, 4));

        observe(signals, Outcome.HIT, 1);
        observe(signals, Outcome.MISS, 4);
        observe(signals, GOOD, 7);
        observe(signals, Outcome.failure(FailureCause.CONNECTION), 7);

        assertThat(reading(signals).value()).isEqualTo(0.2);
        assertThat(reading(signals).observations()).isEqualTo(5);
        assertThat(reading(signals).tripped()).isTrue();
    }

    @Test
    void takesTheShareOfCallsThatWork() {
        HealthSignals signals = signals(ratio(Bad.FAILURE, 0.9, 10, 4));

        observe(signals, GOOD, 3);
        observe(signals, Outcome.failure(FailureCause.TIMEOUT), 1);
        observe(signals, Outcome.ignored(FailureCause.BAD_REQUEST), 5);

        assertThat(reading(signals).value()).isEqualTo(0.75);
        assertThat(reading(signals).observations()).isEqualTo(4);
    }

    @Test
    void aRunLooksWorseWithEachFailureInARow() {
        HealthSignals signals = signals(run(Bad.FAILURE, 3));

        List<Double> health = IntStream.range(0, 5)
                .mapToObj(i -> {
                    signals.failed(FailureCause.TIMEOUT, null);
                    return signals.health();
                })
                .toList();

        assertThat(health).containsExactly(0.875, 0.75, 0.625, 0.5, 0.5);
        assertThat(reading(signals).tripped()).isTrue();
    }

    @Test
    void aRunIsTooLongWhenItHasMoreThanThatMany() {
        HealthSignals signals = signals(run(Bad.FAILURE, 2));

        assertThat(signals.failed(FailureCause.TIMEOUT, null)).isNull();
        assertThat(signals.failed(FailureCause.TIMEOUT, null)).isNull();
        assertThat(signals.failed(FailureCause.TIMEOUT, null))
                .isEqualTo(new HealthSignals.TooLong("signal it: 3 failures in a row (in-a-row 2)", true));
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,", "FAILURE, QUALITY", "IGNORED, QUALITY"})
    void anAnswerEndsARun(Outcome.Kind kind, @Nullable FailureCause cause) {
        HealthSignals signals = signals(run(Bad.FAILURE, 2));
        signals.failed(FailureCause.TIMEOUT, null);

        observe(signals, new Outcome(kind, cause, GOOD.scope(), null, null, null), 1);

        assertThat(reading(signals).value()).isZero();
    }

    @Test
    void aFailureThatSaysNothingEndsNoRun() {
        HealthSignals signals = signals(run(Bad.FAILURE, 2));
        signals.failed(FailureCause.TIMEOUT, null);

        observe(signals, Outcome.ignored(FailureCause.CANCELLED), 1);

        assertThat(reading(signals).value()).isEqualTo(1);
    }

    @Test
    void aSilenceEndsARunButNotTheTimeForWhichItClosedTheServiceOff() {
        HealthSignals signals = signals(run(Bad.FAILURE, 0));
        signals.failed(FailureCause.TIMEOUT, null);

        time.advance(BreakerSettings.defaults().maxRecoveryTimeout());
        boolean afterTheLongestOpenTime = reading(signals).tripped();
        time.advance(BreakerSettings.defaults().maxRecoveryTimeout());

        assertThat(afterTheLongestOpenTime).isTrue();
        assertThat(reading(signals).tripped()).isFalse();
    }

    @Test
    void countsApartWhatARuleNames() {
        HealthSignals signals = signals(run(Bad.FAILURE, 0), named("embedding"));

        HealthSignals.TooLong embedding = signals.failed(FailureCause.SERVER_ERROR, "embedding");

        assertThat(embedding).isNotNull();
        assertThat(signals.readings()).extracting(SignalReading::value).containsExactly(0.0, 1.0);
    }

    @Test
    void aPoorAnswerIsNoFailureOfTheStorage() {
        HealthSignals signals = signals(run(Bad.FAILURE, 0));

        assertThat(signals.failed(FailureCause.QUALITY, null)).isNull();
    }

    @Test
    void aLevelAboveItsThresholdIsTripped() {
        HealthSignals signals = signals(level(0.9));

        signals.observe("it", 0.9);
        boolean atTheThreshold = reading(signals).tripped();
        signals.observe("it", 1.8);

        assertThat(atTheThreshold).isFalse();
        assertThat(reading(signals)).isEqualTo(new SignalReading("it", 1.8, 0.9, 1, true, 0.75));
    }

    @Test
    void aLevelIgnoresWhatIsNoNumberOrAnothersName() {
        HealthSignals signals = signals(level(0.9));

        signals.observe("it", Double.NaN);
        signals.observe("another", 1);

        assertThat(reading(signals).value()).isNull();
    }

    @Test
    void healthIsThatOfTheWorst() {
        HealthSignals signals = signals(level(0.5), ratio(Bad.QUALITY, 0.7, 20, 10), run(Bad.FAILURE, 3));
        observe(signals, POOR, 10);
        observe(signals, GOOD, 10);

        signals.observe("it", 2);

        assertThat(signals.health()).isEqualTo(0.625);
    }

    @Test
    void isAsNewWhenToldToForget() {
        HealthSignals signals = signals(level(0.5), ratio(Bad.QUALITY, 0.7, 20, 10), run(Bad.FAILURE, 3));
        observe(signals, POOR, 10);
        signals.failed(FailureCause.TIMEOUT, null);
        signals.observe("it", 2);

        signals.forget();

        assertThat(signals.readings()).extracting(SignalReading::observations).containsOnly(0);
    }

    @Test
    void losesNoObservationOfManyThreads() {
        HealthSignals signals = signals(ratio(Bad.MISS, 0.3, 1000, 1), run(Bad.FAILURE, 10_000));

        IntStream.range(0, 1000).parallel().forEach(i -> {
            observe(signals, i % 4 == 0 ? Outcome.HIT : Outcome.MISS, 1);
        });
        IntStream.range(0, 1000).parallel().forEach(i -> signals.failed(FailureCause.TIMEOUT, null));

        assertThat(signals.readings()).extracting(SignalReading::value).containsExactly(1000.0, 0.25);
    }

    @ParameterizedTest
    @CsvSource({
        ",          0.7,  20, 10, ,      ,    , name",
        "it,        ,     20, 10, ,      ,    , name",
        "it,        0.7,  20, 10, 3,     ,    , name",
        "it,        0,    20, 10, ,      ,    , at-least",
        "it,        1.1,  20, 10, ,      ,    , at-least",
        "it,        0.7,   0,  1, ,      ,    , over",
        "it,        0.7, 1001, 1, ,      ,    , over",
        "it,        0.7,  20, 21, ,      ,    , minimum",
        "it,        0.7,  20,  0, ,      ,    , minimum",
        "it,        ,       ,   , -1,    ,    , in-a-row",
        "it,        ,       ,   , 65535, ,    , in-a-row",
        "it,        ,       ,   , ,      0,   , at-most",
        "it,        ,       ,   , ,      0.5, RULE, bad",
        "it,        ,       ,   , 3,     ,    MISS, bad",
        "it,        0.7,    ,   , ,      ,    RULE, bad",
    })
    void refusesWhatIsNoSignal(
            @Nullable String name,
            @Nullable Double atLeast,
            @Nullable Integer over,
            @Nullable Integer minimum,
            @Nullable Integer inARow,
            @Nullable Double atMost,
            @Nullable Bad bad,
            String setting) {
        Numbers numbers = new Numbers(atLeast, over, minimum, inARow, atMost);

        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> HealthSignal.of(name, bad, numbers, false))
                .satisfies(e -> assertThat(e.setting()).isEqualTo(setting));
    }

    @Test
    void onlyARunCanOpen() {
        Numbers numbers = new Numbers(0.7, 20, 10, null, null);

        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> HealthSignal.of("it", Bad.QUALITY, numbers, true))
                .satisfies(e -> assertThat(e.setting()).isEqualTo("opens"));
    }

    @Test
    void takesWhatSuitsItsKindWhereNothingIsSaid() {
        assertThat(HealthSignal.of("it", null, new Numbers(0.5, 6, null, null, null), null))
                .isEqualTo(ratio(Bad.QUALITY, 0.5, 6, 6));
        assertThat(HealthSignal.of("it", null, new Numbers(0.5, null, null, null, null), null))
                .isEqualTo(ratio(Bad.QUALITY, 0.5, 20, 10));
        assertThat(HealthSignal.of("it", null, new Numbers(null, null, null, 3, null), null))
                .satisfies(run -> assertThat(run.bad()).isEqualTo(Bad.RULE));
    }

    private HealthSignals signals(HealthSignal... signals) {
        return new HealthSignals(List.of(signals), BreakerSettings.defaults(), time);
    }

    private static HealthSignal ratio(Bad bad, double atLeast, int over, int minimum) {
        return HealthSignal.of("it", bad, new Numbers(atLeast, over, minimum, null, null), false);
    }

    private static HealthSignal run(Bad bad, int inARow) {
        return HealthSignal.of("it", bad, new Numbers(null, null, null, inARow, null), true);
    }

    private static HealthSignal named(String name) {
        return HealthSignal.of(name, Bad.RULE, new Numbers(null, null, null, 0, null), true);
    }

    private static HealthSignal level(double atMost) {
        return HealthSignal.of("it", null, new Numbers(null, null, null, null, atMost), false);
    }

    private static void observe(HealthSignals signals, Outcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            signals.finished(CallRequest.to("service"), outcome, 0);
        }
    }

    private static SignalReading reading(HealthSignals signals) {
        return signals.readings().get(0);
    }
}
