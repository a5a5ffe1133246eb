package io.servicebreaker.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetViewTest {

    private static final Instant BEGIN = Instant.parse("2027-03-01T00:00:00Z");
    private static final Instant END = Instant.parse("2027-03-02T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2027-03-01T12:00:00Z, 6",
        "2027-03-01T18:00:00Z, 4",
        "2027-03-01T07:00:00Z, 10.285714286",
        "2027-03-02T00:00:00Z, 3",
        "2027-03-02T01:00:00Z, 3"
    })
    void goesOnAsItHasSoFar(Instant now, String projected) {
        assertThat(spent("3").projected(now)).hasToString(projected);
    }

    @Test
    void tellsWhichShareIsUsed() {
        assertThat(new BudgetView(Money.of("10"), Money.of("6"), Money.of("3"), BEGIN, END).used())
                .isEqualTo(0.9);
        assertThat(new BudgetView(Money.of("10"), Money.of("12"), Money.of("0"), BEGIN, END).used())
                .isEqualTo(1.2);
        assertThat(new BudgetView(Money.of("0"), Money.of("0"), Money.of("0"), BEGIN, END).used())
                .isEqualTo(1);
        assertThat(new BudgetView(null, Money.of("5"), Money.of("0"), BEGIN, END).used())
                .isNaN();
    }

    @Test
    void doesNotJudgeTheFirstHundredthOfAPeriod() {
        Instant hundredth = BEGIN.plusSeconds(864);

        assertThat(spent("3").projected(BEGIN)).isNull();
        assertThat(spent("3").projected(hundredth.minusNanos(1))).isNull();
        assertThat(spent("3").projected(hundredth)).hasToString("300");
    }

    @Test
    void projectsNoMoreThanThereIs() {
        BudgetView budget = new BudgetView(null, Money.MAX, Money.ZERO, BEGIN, END);

        assertThat(budget.projected(BEGIN.plusSeconds(3600))).isEqualTo(Money.MAX);
    }

    private static BudgetView spent(String amount) {
        return new BudgetView(null, Money.of(amount), Money.ZERO, BEGIN, END);
    }
}
