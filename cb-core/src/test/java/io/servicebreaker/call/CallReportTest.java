package io.servicebreaker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallReportTest {

    @Test
    void keepsAllButTheCost() {
        CallReport report = CallReport.ofStatus(200).model("sonar").cost(new BigDecimal("0.25"));

        CallReport without = report.withoutCost();

        assertThat(without.cost()).isEmpty();
        assertThat(without.model()).contains("sonar");
        assertThat(without.status()).hasValue(200);
    }

    @Test
    void whatWasNotSaidIsAbsent() {
        assertThat(CallReport.EMPTY.status()).isEmpty();
        assertThat(CallReport.EMPTY.header("Retry-After")).isEmpty();
        assertThat(CallReport.EMPTY.code()).isEmpty();
        assertThat(CallReport.EMPTY.model()).isEmpty();
        assertThat(CallReport.EMPTY.usage()).isEmpty();
        assertThat(CallReport.EMPTY.cost()).isEmpty();
    }

    @Test
    void eachPartKeepsTheOthers() {
        CallReport report = CallReport.EMPTY
                .cost(new BigDecimal("0.02"))
                .usage(new Usage(10, 5, 2))
                .model("gpt-5")
                .code("insufficient_quota")
                .header("Retry-After", "7")
                .status(429);

        assertThat(report.status()).hasValue(429);
        assertThat(report.header("Retry-After")).contains("7");
        assertThat(report.code()).contains("insufficient_quota");
        assertThat(report.model()).contains("gpt-5");
        assertThat(report.usage()).contains(new Usage(10, 5, 2));
        assertThat(report.cost()).contains(new BigDecimal("0.02"));
    }

    @Test
    void findsAHeaderWhateverTheCaseOfItsName() {
        CallReport report = CallReport.EMPTY.header("retry-AFTER", "7");

        assertThat(report.header("Retry-After")).contains("7");
    }

    @Test
    void keepsTheLastValueOfAHeader() {
        CallReport report = CallReport.EMPTY
                .header("Retry-After", "7")
                .header("X-Other", "a")
                .header("retry-after", "8");

        assertThat(report.header("Retry-After")).contains("8");
        assertThat(report.header("X-Other")).contains("a");
    }

    @Test
    void isNotChangedByWhatIsMadeFromIt() {
        CallReport report = CallReport.ofStatus(200);

        report.header("Retry-After", "7");
        report.status(500);

        assertThat(report.status()).hasValue(200);
        assertThat(report.header("Retry-After")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 600, -1})
    void refusesWhatIsNoStatus(int status) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallReport.ofStatus(status))
                .withMessage("not an HTTP status: " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 599})
    void takesEveryStatus(int status) {
        assertThat(CallReport.ofStatus(status).status()).hasValue(status);
    }

    @Test
    void showsNamesOfHeadersOnlyForTheirValuesMayBeSecret() {
        CallReport report = CallReport.ofStatus(401).header("Set-Cookie", "secret");

        assertThat(report)
                .hasToString(
                        "CallReport[status=401, code=null, model=null, usage=null, cost=null, headers=[Set-Cookie]]");
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 0", "0, -1, 0", "0, 0, -1", "1, 0, 2"})
    void refusesAnImpossibleUsage(int input, int output, int cached) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Usage(input, output, cached))
                .withMessage("not a usage: input " + input + ", output " + output + ", cached input " + cached
                        + ", searches 0");
    }

    @Test
    void aUsageMayBeCachedAltogether() {
        assertThat(new Usage(3, 0, 3).cachedInput()).isEqualTo(3);
    }
}
