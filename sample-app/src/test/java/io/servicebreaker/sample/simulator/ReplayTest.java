package io.servicebreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(OutputCaptureExtension.class)
class ReplayTest {

    private static final Episode OUTAGE = new Episode(
            "outage",
            "openai API",
            List.of(
                    stretch(0, 100, Stretch.Type.HEALTHY, 0, Fault.SERVER_ERROR, null),
                    stretch(100, 200, Stretch.Type.INCIDENT, 1, Fault.OVERLOAD, null),
                    stretch(200, 300, Stretch.Type.RATE_LIMIT, 1, Fault.RATE_LIMIT, 290.0),
                    stretch(300, 400, Stretch.Type.INCIDENT, 1, Fault.GATEWAY_TIMEOUT, null)));
    private static final Episode BLIP =
            new Episode("blip", "openai API", List.of(stretch(0, 100, Stretch.Type.BLIP, 1, Fault.SERVER_ERROR, null)));

    private final HandClock clock = new HandClock();
    private final Replay replay = replay("openai@10");

    @Test
    void followsTheRecordingTenTimesAsFast() {
        assertThat(replay.nextFate().fault()).isEqualTo(Fault.NONE);

        clock.advance(Duration.ofSeconds(10));

        assertThat(replay.nextFate().fault()).isEqualTo(Fault.OVERLOAD);
    }

    @Test
    void dividesTheLatenciesByTheSpeed() {
        assertThat(replay.nextFate().latency()).isEqualTo(Duration.ofMillis(200));
        clock.advance(Duration.ofSeconds(10));
        assertThat(replay.nextFate().latency()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(6));
    }

    @Test
    void tellsTheEndOfARateLimitAsTheClientWillSeeIt() {
        clock.advance(Duration.ofSeconds(25));

        Fate fate = replay.nextFate();

        assertThat(fate.fault()).isEqualTo(Fault.RATE_LIMIT);
        assertThat(fate.retryAfter()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void letsATimeoutTakeSixtyRecordedSeconds() {
        clock.advance(Duration.ofSeconds(35));

        assertThat(replay.nextFate()).isEqualTo(new Fate(Fault.GATEWAY_TIMEOUT, Duration.ofSeconds(6), null));
    }

    @Test
    void playsTheNextEpisodeAndThenStartsOver() {
        clock.advance(Duration.ofSeconds(45));
        assertThat(replay.describe().path("episode").asString()).isEqualTo("blip");
        assertThat(replay.nextFate().fault()).isEqualTo(Fault.SERVER_ERROR);

        clock.advance(Duration.ofSeconds(10));

        assertThat(replay.describe().path("episode").asString()).isEqualTo("outage");
        assertThat(replay.nextFate().fault()).isEqualTo(Fault.NONE);
    }

    @Test
    void tellsWhereItIs() {
        clock.advance(Duration.ofSeconds(12));

        ObjectNode position = replay.describe();

        assertThat(position.path("speed").doubleValue()).isEqualTo(10);
        assertThat(position.path("episodeNumber").intValue()).isEqualTo(1);
        assertThat(position.path("episodes").intValue()).isEqualTo(2);
        assertThat(position.path("second").intValue()).isEqualTo(120);
        assertThat(position.path("type").asString()).isEqualTo("INCIDENT");
        assertThat(replay.untilNextStretch()).isBetween(Duration.ofSeconds(8), Duration.ofMillis(8010));
    }

    @Test
    void logsOnceWhenTheTypeChanges(CapturedOutput output) {
        replay.announce();
        replay.nextFate();
        clock.advance(Duration.ofSeconds(10));
        replay.announce();
        replay.nextFate();

        assertThat(output.toString().lines().filter(line -> line.contains("Replay of openai")))
                .hasSize(2)
                .first()
                .asString()
                .contains("HEALTHY");
        assertThat(output).contains("INCIDENT (100 % errors, episode outage, second 100)");
    }

    @Test
    void drivesTheSimulatedProviderOverHttpAndNoOther() throws Exception {
        try (RunningSimulator simulator = RunningSimulator.replaying("openai@60:7ctmj1q7p0vm")) {
            Episode episode = recorded("7ctmj1q7p0vm");
            Stretch worst = worst(episode);
            simulator.clock.advance(LatencyModel.seconds((worst.fromSecond() + 1) / 60));

            for (int i = 0; i < 50; i++) {
                simulator.ask("openai");
                simulator.ask("lightrag");
            }

            assertThat(simulator.state("openai").at("/replay/type").asString()).isEqualTo("INCIDENT");
            assertThat(simulator.state("openai").at("/served/200").intValue()).isLessThan(25);
            assertThat(simulator.state("lightrag").path("served").toString()).isEqualTo("{\"200\":50}");
            assertThat(simulator.state("lightrag").has("replay")).isFalse();
        }
    }

    @Test
    void yieldsToAFaultSetByHand() throws Exception {
        try (RunningSimulator simulator = RunningSimulator.replaying("openai@60")) {
            simulator.fault("openai", "quota");

            assertThat(simulator.ask("openai").body()).contains("insufficient_quota");
        }
    }

    @Test
    void hasTwentyEpisodesForOpenAiAndSixForEachOther() {
        List<Episode> recorded = RecordedHistory.load();

        assertThat(ReplaySettings.parse("openai@1").select(recorded)).hasSize(20);
        assertThat(ReplaySettings.parse("perplexity@1").select(recorded)).hasSize(6);
        assertThat(ReplaySettings.parse("lightrag@1").select(recorded)).hasSize(6);
        assertThat(ReplaySettings.parse("lightrag@1:7ctmj1q7p0vm").select(recorded))
                .singleElement()
                .extracting(Episode::source)
                .isEqualTo("openai API");
    }

    @Test
    void hasRecordingsWithoutHolesWhoseSharesAddUp() {
        for (Episode episode : RecordedHistory.load()) {
            double end = 0;
            for (Stretch stretch : episode.stretches()) {
                assertThat(stretch.fromSecond()).isEqualTo(end);
                assertThat(stretch.shares().values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum())
                        .isBetween(0.99, 1.01);
                end = stretch.toSecond();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            openai           | <provider>@<speed>
            openai@fast      | <provider>@<speed>
            openai@-1        | <provider>@<speed>
            openai@0         | speed must be above 0
            openai@99999     | at most 10000
            mistral@60       | openai, perplexity, lightrag
            openai@60:never  | 7ctmj1q7p0vm
            """)
    void saysWhyAValueCannotBePlayed(String value, String reason) {
        assertThatExceptionOfType(InvalidReplayException.class)
                .isThrownBy(() -> ReplaySettings.parse(value).select(RecordedHistory.load()))
                .withMessageContaining("'" + value + "'")
                .withMessageContaining(reason);
    }

    private Replay replay(String value) {
        return new Replay(ReplaySettings.parse(value), List.of(OUTAGE, BLIP), 1, clock, new Random(7));
    }

    private static Episode recorded(String id) {
        return ReplaySettings.parse("openai@1:" + id)
                .select(RecordedHistory.load())
                .get(0);
    }

    private static Stretch worst(Episode episode) {
        return episode.stretches().stream()
                .filter(stretch -> stretch.type() == Stretch.Type.INCIDENT)
                .max(Comparator.comparingDouble(Stretch::errorProbability))
                .orElseThrow();
    }

    private static Stretch stretch(
            double from, double to, Stretch.Type type, double errors, Fault fault, @Nullable Double hintEnd) {
        return new Stretch(from, to, type, errors, Map.of(fault, 1.0), 2, 0, 1, hintEnd);
    }
}
