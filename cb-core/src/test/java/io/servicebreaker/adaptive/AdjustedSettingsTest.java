package io.servicebreaker.adaptive;

import static io.servicebreaker.adaptive.AdjustedWorld.BASELINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.servicebreaker.adaptive.Overlay.Owner;
import io.servicebreaker.breaker.BreakerSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdjustedSettingsTest {

    private final AdjustedSettings configured = new AdjustedSettings(BASELINE, 0.3);

    @Test
    void areThoseThatAreConfiguredUntilSomethingIsLaidOverThem() {
        assertThat(configured.effective()).isSameAs(BASELINE);
        assertThat(configured.overlays()).isEmpty();
    }

    @Test
    void changeTheSettingThatAnOverlayNamesAndNoOther() {
        BreakerSettings effective = configured
                .with(overlay(Owner.LEARNING, Parameter.RECOVERY_TIMEOUT, 0.75))
                .effective();

        assertThat(effective)
                .isEqualTo(BASELINE.toBuilder()
                        .recoveryTimeout(Duration.ofSeconds(45))
                        .early(BASELINE.earlyOpening(), BASELINE.earlyProbing())
                        .build());
    }

    @Test
    void goNoFurtherThanAllowedHoweverManyOverlaysThereAre() {
        AdjustedSettings all = configured
                .with(overlay(Owner.LEARNING, Parameter.FAILURE_THRESHOLD, 1.2))
                .with(overlay(Owner.LOAD, Parameter.FAILURE_THRESHOLD, 1.3))
                .with(overlay(Owner.TREND, Parameter.FAILURE_THRESHOLD, 1.3));

        assertThat(all.effective().failureThreshold()).isEqualTo(6);
        assertThat(all.learned().failureThreshold()).isEqualTo(6);
        assertThat(all.overlays()).hasSize(3);
    }

    @Test
    void keepOneOverlayOfAnOwnerForASetting() {
        AdjustedSettings twice = configured
                .with(overlay(Owner.LOAD, Parameter.FAILURE_THRESHOLD, 0.8))
                .with(overlay(Owner.LOAD, Parameter.FAILURE_THRESHOLD, 1.2));

        assertThat(twice.overlays()).hasSize(1);
        assertThat(twice.effective().failureThreshold()).isEqualTo(6);
    }

    @Test
    void areThoseThatAreConfiguredWhenAllOverlaysAreGone() {
        Overlay load = overlay(Owner.LOAD, Parameter.FAILURE_THRESHOLD, 0.77);
        Overlay trend = overlay(Owner.TREND, Parameter.ERROR_RATE_THRESHOLD, 1.13);

        AdjustedSettings after = configured
                .with(load)
                .with(trend)
                .without(load)
                .with(load)
                .without(trend)
                .without(load);

        assertThat(after.effective()).isEqualTo(BASELINE);
    }

    @ParameterizedTest
    @CsvSource({
        "FAILURE_THRESHOLD, 100, 6",
        "FAILURE_THRESHOLD, 0.001, 4",
        "FAILURE_THRESHOLD, 1.09, 5",
        "FAILURE_THRESHOLD, 1.1, 6",
        "ERROR_RATE_THRESHOLD, 100, 0.65",
        "ERROR_RATE_THRESHOLD, 0.001, 0.35",
        "ERROR_RATE_THRESHOLD, 1.1, 0.55",
        "RECOVERY_TIMEOUT, 100, 78",
        "RECOVERY_TIMEOUT, 0.001, 42",
        "SLOW_CALL_DURATION, 100, 13",
        "SLOW_CALL_DURATION, 0.001, 7",
        "WINDOW, 100, 78",
        "WINDOW, 0.001, 42"
    })
    void boundEachSetting(Parameter parameter, double factor, double expected) {
        BreakerSettings effective =
                configured.with(overlay(Owner.LEARNING, parameter, factor)).effective();

        assertThat(parameter.of(effective)).isEqualTo(expected);
    }

    @Test
    void stayInTheLegalRangeOfEachSetting() {
        BreakerSettings atTheEdge = BASELINE.toBuilder()
                .failureThreshold(60_000)
                .errorRateThreshold(0.9)
                .recoveryTimeout(Duration.ofMinutes(9))
                .maxRecoveryTimeout(Duration.ofMinutes(10))
                .slowCallDuration(Duration.ofSeconds(29))
                .timeoutThreshold(Duration.ofSeconds(30))
                .window(Duration.ofMinutes(59))
                .build();
        AdjustedSettings all = new AdjustedSettings(atTheEdge, 0.9);
        for (Parameter parameter : Parameter.values()) {
            all = all.with(overlay(Owner.LEARNING, parameter, 1_000));
        }

        BreakerSettings effective = all.effective();

        assertThat(effective.failureThreshold()).isEqualTo(65_535);
        assertThat(effective.errorRateThreshold()).isEqualTo(1);
        assertThat(effective.recoveryTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(effective.slowCallDuration())
                .isEqualTo(Duration.ofSeconds(30).minusNanos(1));
        assertThat(effective.window()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void leaveAloneWhatIsTooSmallToBeAdjusted() {
        BreakerSettings small = BASELINE.toBuilder()
                .failureThreshold(1)
                .recoveryTimeout(Duration.ofNanos(1))
                .window(Duration.ofSeconds(1))
                .build();
        AdjustedSettings less = new AdjustedSettings(small, 0.3);

        for (Parameter parameter :
                new Parameter[] {Parameter.FAILURE_THRESHOLD, Parameter.RECOVERY_TIMEOUT, Parameter.WINDOW}) {
            less = less.with(overlay(Owner.LEARNING, parameter, 0.001));
        }

        assertThat(less.effective()).isEqualTo(small);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void takeNoFactorThatMakesNoSense(double factor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> overlay(Owner.LOAD, Parameter.WINDOW, factor))
                .withMessageContaining("factor is");
    }

    private static Overlay overlay(Owner owner, Parameter parameter, double factor) {
        return new Overlay(owner, parameter, factor, "a test", 0, 1);
    }
}
