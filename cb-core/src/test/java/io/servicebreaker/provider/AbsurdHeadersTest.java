package io.servicebreaker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Cooldown;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Whatever stands in the headers, no service is closed off for a time that nobody can have meant. */
class AbsurdHeadersTest {

    private static final CallRequest CALL = CallRequest.to("service");

    private static final String[] NAMES = {
        "retry-after",
        "retry-after-ms",
        "x-ratelimit-limit-requests",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens",
        "anthropic-ratelimit-tokens-limit",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset"
    };
    private static final String[] NONSENSE = {
        "-1",
        "0",
        "",
        " ",
        "1000000000000",
        "99999999999999999999",
        "-5s",
        "1e9",
        "NaN",
        "Infinity",
        "soon",
        "5 minutes ago",
        "1d1d1d",
        "6m0",
        "٣",
        "0x10",
        "1,000",
        "Sun, 01 Mar 2020 00:00:00 GMT",
        "2020-03-01T00:00:00Z",
        "2026-13-45T99:99:99Z",
        "9999-12-31T23:59:59Z",
        "-9999999999s",
        "100000h",
        "null",
        "{}"
    };

    private final FakeTime time = new FakeTime();

    @Property(tries = 50_000, generation = GenerationMode.RANDOMIZED)
    void nothingIsTrustedThatMakesNoSense(@ForAll("headerSets") Map<String, String> headers) {
        Cooldown cooldown = throttled(headers.size() % 2 == 0 ? "openai" : "anthropic", headers)
                .cooldown();

        assertThat(cooldown).isNotNull();
        assertThat(cooldown.duration()).isPositive().isLessThanOrEqualTo(Cooldown.LONGEST);
    }

    @Property(tries = 10_000, generation = GenerationMode.RANDOMIZED)
    void nonsenseAloneLeavesItToATimeOfOursAndIsCounted(@ForAll("nonsense") Map<String, String> headers) {
        ProfileClassifier classifier = classifier("openai");

        Outcome outcome = classifier.failed(CALL, new IllegalStateException(), report(headers));

        assertThat(outcome.cooldown())
                .isEqualTo(new Cooldown(Duration.ofSeconds(1), "rate-limit-backoff-multiplier", true));
        assertThat(classifier.ignoredTimes()).isGreaterThanOrEqualTo(headers.containsKey("retry-after") ? 1 : 0);
    }

    @Property(tries = 50_000, generation = GenerationMode.RANDOMIZED)
    void noAnswerRefusesACallForATimeThatMakesNoSense(
            @ForAll("headerSets") Map<String, String> headers,
            @ForAll @IntRange(max = 100_000) int tokens,
            @ForAll @LongRange(min = 0, max = 600_000_000_000L) long durationNanos) {
        RateLimits limits = limits(headers.size() % 2 == 0 ? "openai" : "anthropic");
        CallRequest call = CALL.estimatedTokens(tokens, tokens / 2);

        limits.admit(call, time.nanos());
        limits.finished(call, Outcome.SUCCESS.with(null, report(headers)), durationNanos);
        Admission admission = limits.admit(call, time.nanos());

        if (admission instanceof Rejection refusal) {
            assertThat(refusal.retryAfter().orElseThrow()).isPositive().isLessThanOrEqualTo(Cooldown.LONGEST);
            assertThat(limits.admit(call, time.nanos() + refusal.retryAfterNanos()))
                    .isInstanceOf(Permit.class);
        }
    }

    @Property(tries = 10_000, generation = GenerationMode.RANDOMIZED)
    void aResetThatMakesNoSenseRefusesNothingAndIsCounted(@ForAll("absurdResets") String reset) {
        RateLimits limits = limits("openai");
        CallReport report = CallReport.ofStatus(200)
                .header("x-ratelimit-limit-requests", "500")
                .header("x-ratelimit-remaining-requests", "0")
                .header("x-ratelimit-reset-requests", reset);

        limits.finished(CALL, Outcome.SUCCESS.with(null, report), 0);

        assertThat(limits.admit(CALL, time.nanos())).isInstanceOf(Permit.class);
        assertThat(limits.ignoredTimes()).isEqualTo(1);
    }

    @Provide
    Arbitrary<String> absurdResets() {
        return Arbitraries.oneOf(
                Arbitraries.of(NONSENSE).filter(text -> !text.equals("0")), // which is a time that is over
                Arbitraries.longs().greaterOrEqual(172_801).map(String::valueOf),
                Arbitraries.longs().lessOrEqual(-1).map(String::valueOf),
                instants()
                        .filter(instant -> instant.isBefore(time.now().minusSeconds(2))
                                || instant.isAfter(time.now().plus(Cooldown.LONGEST)))
                        .map(Instant::toString));
    }

    private RateLimits limits(String provider) {
        return new RateLimits(
                ProviderProfiles.bundled().of(provider).limits(), new LimitSettings(10), time, () -> true, share -> {});
    }

    @Provide
    Arbitrary<Map<String, String>> headerSets() {
        Arbitrary<String> values = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(NONSENSE)),
                Tuple.of(2, Arbitraries.strings().ascii().ofMaxLength(20)),
                Tuple.of(1, Arbitraries.longs().map(String::valueOf)),
                Tuple.of(1, Arbitraries.integers().between(0, 100).map(String::valueOf)),
                Tuple.of(1, Arbitraries.integers().between(0, 5_000).map(minutes -> minutes + "m0s")),
                Tuple.of(1, Arbitraries.doubles().map(String::valueOf)),
                Tuple.of(1, instants().map(Instant::toString)),
                Tuple.of(1, instants().map(AbsurdHeadersTest::httpDate)));
        return Arbitraries.maps(Arbitraries.of(NAMES), values).ofMaxSize(NAMES.length);
    }

    @Provide
    Arbitrary<Map<String, String>> nonsense() {
        return Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.of(NONSENSE)).ofMaxSize(NAMES.length);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(-30_000_000_000L, 250_000_000_000L).map(Instant::ofEpochSecond);
    }

    private static String httpDate(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                instant.atOffset(ZoneOffset.UTC).withYear(Math.floorMod(instant.getEpochSecond(), 9999) + 1));
    }

    private Outcome throttled(String provider, Map<String, String> headers) {
        return classifier(provider).failed(CALL, new IllegalStateException(), report(headers));
    }

    private ProfileClassifier classifier(String provider) {
        return Classifiers.of(provider, Duration.ofSeconds(30), ExceptionRules.NONE, List.of(), time);
    }

    private static CallReport report(Map<String, String> headers) {
        CallReport report = CallReport.ofStatus(429);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            report = report.header(header.getKey(), header.getValue());
        }
        return report;
    }
}
