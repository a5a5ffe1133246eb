package io.servicebreaker.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The replay as a whole, with a small file of the documented columns. */
class IncidentReplayTest {

    /** An hour that begins and ends well, with ten minutes in between in which hardly a call succeeds. */
    private static final String OUTAGE = resource("/episodes.csv");

    @TempDir
    Path directory;

    @Test
    void theOracleLosesNothingAndNoBreakerAll() throws IOException {
        Map<String, Map<Double, Regret>> results = replay("--rates", "0.5,5");

        assertThat(results.get("oracle").values())
                .allSatisfy(regret -> assertThat(regret.regret()).isZero());
        assertThat(results.get("none").values())
                .allSatisfy(regret -> assertThat(regret.regret()).isOne());
    }

    @Test
    void theSameSeedGivesTheSameAndAnotherOneSomethingElse() throws IOException {
        String[] options = {"--rates", "1", "--policies", "resilience4j,servicebreaker,sre-throttling"};

        Map<String, Map<Double, Regret>> first = replay(options);

        assertThat(replay(options)).isEqualTo(first);
        assertThat(replay("--rates", "1", "--policies", "resilience4j,servicebreaker,sre-throttling", "--seed", "2"))
                .isNotEqualTo(first);
    }

    @Test
    void aBreakerThatOpensIsBetterThanNoneInAnOutage() throws IOException {
        Regret regret = replay("--rates", "1", "--policies", "resilience4j")
                .get("resilience4j")
                .get(1.0);

        assertThat(regret.regret()).isBetween(0.0, 1.0);
        assertThat(regret.secondsToOpen()).isBetween(1.0, 200.0);
        assertThat(regret.parts().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(regret.regret(), within(1e-9));
        assertThat(regret.parts().get(Tally.Part.DETECT)).isPositive();
    }

    @Test
    void everyPolicyIsReplayed() throws IOException {
        assertThat(replay("--rates", "0.2").keySet())
                .contains(
                        "oracle", "none", "servicebreaker", "resilience4j", "envoy", "litellm-fails", "sre-throttling")
                .anyMatch(name -> name.startsWith("resilience4j-best-"));
    }

    @Test
    void everyHowManyEpisodesAreLeftOutAtHighRates() throws IOException {
        Regret all = replay("--rates", "50", "--stride50", "1", "--policies", "none")
                .get("none")
                .get(50.0);
        Regret half = replay("--rates", "50", "--stride50", "2", "--policies", "none")
                .get("none")
                .get(50.0);

        assertThat(all.parts().get(Tally.Part.BENIGN)).isPositive();
        assertThat(half.parts().get(Tally.Part.BENIGN)).isZero(); // of the second episode
    }

    @Test
    void writesFiguresAndPictures() throws Exception {
        Path json = directory.resolve("figures.json");
        Path svg = directory.resolve("pictures");
        IncidentReplay.main(new String[] {
            "--episodes",
            compressed(OUTAGE).toString(),
            "--rates",
            "0.5,2",
            "--policies",
            "envoy,none",
            "--json",
            json.toString(),
            "--svg",
            svg.toString()
        });

        JsonNode figures = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(figures.propertyNames()).containsExactly("envoy", "none");
        assertThat(figures.at("/none/2/regret").asDouble()).isOne();
        assertThat(figures.at("/envoy/0.5").propertyNames())
                .contains("regret", "detect", "leak", "benign", "false", "mild", "late");
        for (String rate : List.of("0.5", "2")) {
            Path picture = svg.resolve("regret-" + rate + ".svg");
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(picture.toFile())
                            .getDocumentElement()
                            .getTagName())
                    .isEqualTo("svg");
            assertThat(picture).content().contains("ICPE 2025").contains(">envoy<");
        }
    }

    @Test
    void saysWhichLineIsWrong() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.csv"), OUTAGE + "three,openai,API,1,0,x,HEALTHY\n");
        Path column = Files.writeString(directory.resolve("column.csv"), "episode,provider\none,openai\n");

        assertThatThrownBy(() -> EpisodeFile.read(broken)).hasMessageContaining("broken.csv, line 9: ");
        assertThatThrownBy(() -> EpisodeFile.read(column)).hasMessageContaining("there is no column");
    }

    @Test
    void saysWhichOptionIsWrong() {
        assertThatThrownBy(() -> Arguments.parse("--episodes", "f", "--rates", "1,0"))
                .hasMessage("--rates is 0, allowed are numbers above 0");
        assertThatThrownBy(() -> Arguments.parse("--episodes", "f", "--stride50", "0.5"))
                .hasMessage("--stride50 is 0.5, allowed are whole numbers from 1");
        assertThatThrownBy(() -> Arguments.parse("--rates", "1")).hasMessage("--episodes is missing");
        assertThatThrownBy(() -> Arguments.parse("--rate", "1")).hasMessage("unknown option --rate");
        assertThatThrownBy(() -> Arguments.parse("--episodes")).hasMessage("--episodes has no value");
        assertThatThrownBy(() ->
                        Arguments.parse("--episodes", "f", "--policies", "hope").chosen(Policies.all(1)))
                .hasMessageStartingWith("unknown policy hope, known are oracle, none, ");
    }

    private Map<String, Map<Double, Regret>> replay(String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("episodes.csv"), OUTAGE);
        String[] words = new String[options.length + 2];
        words[0] = "--episodes";
        words[1] = file.toString();
        System.arraycopy(options, 0, words, 2, options.length);
        Arguments arguments = Arguments.parse(words);
        return IncidentReplay.run(EpisodeFile.read(file), arguments.chosen(Policies.all(arguments.seed())), arguments);
    }

    private Path compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(directory.resolve("episodes.csv.gz"), bytes.toByteArray());
    }

    private static String resource(String name) {
        try (InputStream file = IncidentReplayTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
