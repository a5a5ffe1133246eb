package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.FailureCause;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CooldownReaderTest {

    private static final CooldownReader READER = new CooldownReader(List.of());
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({"20, PT20S", "0.5, PT0.5S", "'  7 ', PT7S", "007, PT7S", "172800, PT48H"})
    void readsSeconds(String text, Duration wait) {
        assertThat(readHeader(text)).contains(wait);
    }

    @ParameterizedTest
    @CsvSource({"20, PT0.02S", "0.5, PT0.0005S", "1500, PT1.5S"})
    void readsMilliseconds(String text, Duration wait) {
        assertThat(readMillis(text)).contains(wait);
    }

    @Test
    void prefersMilliseconds() {
        CallReport both = CallReport.EMPTY.header("Retry-After", "2").header("Retry-After-Ms", "1500");

        assertThat(read(both)).contains(Duration.ofMillis(1500));
    }

    @Test
    void readsSecondsWhenTheMillisecondsCannotBeUnderstood() {
        CallReport both = CallReport.EMPTY.header("Retry-After", "2").header("retry-after-ms", "soon");

        assertThat(read(both)).contains(Duration.ofSeconds(2));
    }

    @Test
    void readsADate() {
        assertThat(readHeader("Sun, 01 Mar 2026 12:00:30 GMT")).contains(Duration.ofSeconds(30));
        assertThat(readHeader(" Sun, 1 Mar 2026 12:01:00 GMT ")).contains(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sun, 01 Mar 2026 11:59:59 GMT", "Sun, 01 Mar 2026 12:00:00 GMT", "0", "0.0"})
    void aWaitThatIsOverSaysNothing(String text) {
        assertThat(readHeader(text)).isEmpty();
    }

    @Test
    void aDateThatNobodyLivesToSeeSaysNothing() {
        assertThat(readHeader("Fri, 31 Dec 9999 23:59:59 GMT")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-5", "+5", "1e3", "5s", ".5", "5.", "1,5", "9999999999", "NaN", "٣", "Sun, 32 Mar 2026"
            })
    void whatCannotBeUnderstoodSaysNothing(String text) {
        assertThat(readHeader(text)).isEmpty();
        assertThat(readMillis(text)).isEmpty();
    }

    @Test
    void aWaitOfMoreThanTwoDaysSaysNothing() {
        assertThat(readHeader("172801")).isEmpty();
        assertThat(readMillis("172800001")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Please try again in 456ms., PT0.456S",
        "Please try again in 6m0s. Visit, PT6M",
        "try again in 1m30.951s., PT1M30.951S",
        "Please retry after 45 seconds, PT45S",
        "Please retry after 86400 seconds., PT24H",
        "Retry your request after 2 minutes 5 secs!, PT2M5S",
        "try again in 3 hours, PT3H",
        "try again in 1 day, PT24H",
        "try again in 1500 milliseconds, PT1.5S"
    })
    void readsTheWordsOfAnError(String words, Duration wait) {
        assertThat(read(CallReport.ofStatus(429).message(words))).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "try again later",
                "try again in 0s",
                "try again in 999999999 days",
                "try again in 5 parsecs",
                "you asked: when do I try again? in 5 minutes"
            })
    void readsNoWordsThatNameNoTime(String words) {
        assertThat(read(CallReport.ofStatus(429).message(words))).isEmpty();
    }

    @Test
    void readsWordsOnlyWhereTheyTellOfALimit() {
        CallReport report = CallReport.ofStatus(400).message("try again in 5s");

        assertThat(READER.read(report, new Evidence(null, report), FailureCause.BAD_REQUEST, NOW))
                .isEmpty();
    }

    @Test
    void noHeaderSaysNothing() {
        assertThat(read(CallReport.ofStatus(429))).isEmpty();
    }

    @Property
    void neverThrowsAndNeverTellsAWaitThatCannotBeCounted(@ForAll String text) {
        assertThat(readHeader(text).stream()).allSatisfy(CooldownReaderTest::isCountable);
        assertThat(readMillis(text).stream()).allSatisfy(CooldownReaderTest::isCountable);
    }

    @Property
    void readsAnyNumberOfSecondsUpToTwoDays(@ForAll @IntRange(min = 1, max = 172_800) int seconds) {
        assertThat(readHeader(Integer.toString(seconds))).contains(Duration.ofSeconds(seconds));
    }

    @Property
    void readsAnyDateOfTheNextTwoDays(@ForAll @LongRange(min = 1, max = 172_800) long seconds) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                NOW.plusSeconds(seconds).atOffset(ZoneOffset.UTC));

        assertThat(readHeader(date)).contains(Duration.ofSeconds(seconds));
    }

    @Property
    void neverThrowsOnADateOfAnyYear(@ForAll @IntRange(min = 1000, max = 9999) int year) {
        Instant date = Instant.parse(year + "-06-15T00:00:00Z");
        String text = DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC));

        assertThat(readHeader(text).stream()).allSatisfy(CooldownReaderTest::isCountable);
    }

    private static void isCountable(Duration wait) {
        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofDays(2));
    }

    private static Optional<Duration> readHeader(String text) {
        return read(CallReport.EMPTY.header("Retry-After", text));
    }

    private static Optional<Duration> readMillis(String text) {
        return read(CallReport.EMPTY.header("retry-after-ms", text));
    }

    private static Optional<Duration> read(CallReport report) {
        return READER.read(report, new Evidence(null, report), FailureCause.RATE_LIMIT, NOW)
                .map(Cooldown::duration);
    }
}
