package io.servicebreaker.benchmarks.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Replays incidents against policies, and prints what each of them has lost. */
public final class IncidentReplay {

    private static final String SOURCE =
            "Incidents: X. Chu, S. Talluri, Q. Lu, A. Iosup, An Empirical Characterization of"
                    + " Outages and Incidents in Public Services for Large Language Models, ICPE 2025 (Zenodo 14018219)";

    private IncidentReplay() {}

    public static void main(String[] words) throws IOException {
        Arguments arguments;
        List<Episode> episodes;
        Map<String, Policy> policies;
        try {
            arguments = Arguments.parse(words);
            episodes = EpisodeFile.read(arguments.episodes());
            policies = arguments.chosen(Policies.all(arguments.seed()));
        } catch (IllegalArgumentException | NoSuchFileException e) {
            System.err.println(
                    e instanceof NoSuchFileException ? "there is no file " + e.getMessage() : e.getMessage());
            System.err.println(Arguments.USAGE);
            System.exit(2);
            return;
        }
        report(run(episodes, policies, arguments), arguments);
    }

    /** The regret of each policy at each rate. */
    static Map<String, Map<Double, Regret>> run(
            List<Episode> episodes, Map<String, Policy> policies, Arguments arguments) {
        Map<String, Map<Double, Regret>> results = new LinkedHashMap<>();
        for (double rate : arguments.rates()) {
            Replay replay = new Replay(episodes, rate, arguments.stride(rate), arguments.seed());
            Tally withoutAny = replay.run(Policies.ALLOWING);
            policies.forEach((name, policy) -> results.computeIfAbsent(name, key -> new LinkedHashMap<>())
                    .put(rate, Regret.of(replay.run(policy), withoutAny)));
        }
        return results;
    }

    private static void report(Map<String, Map<Double, Regret>> results, Arguments arguments) throws IOException {
        print(results);
        if (arguments.json() != null) {
            Files.writeString(arguments.json(), json(results));
        }
        if (arguments.svg() != null) {
            Files.createDirectories(arguments.svg());
            for (double rate : arguments.rates()) {
                String name = "regret-" + label(rate) + ".svg";
                Files.writeString(arguments.svg().resolve(name), RegretChart.of(results, rate, SOURCE));
            }
        }
    }

    private static void print(Map<String, Map<Double, Regret>> results) {
        System.out.println(
                "| policy | calls/s | regret | detect | leak | benign | false | mild | late | opens after s |"
                        + " closes after s | refused % |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        results.forEach((policy, byRate) -> byRate.forEach((rate, regret) -> {
            StringBuilder row = new StringBuilder("| " + policy + " | " + label(rate));
            row.append(String.format(Locale.ROOT, " | %.3f", regret.regret()));
            regret.parts().values().forEach(share -> row.append(String.format(Locale.ROOT, " | %.3f", share)));
            System.out.println(row.append(String.format(
                    Locale.ROOT,
                    " | %s | %s | %.2f |",
                    seconds(regret.secondsToOpen()),
                    seconds(regret.secondsToClose()),
                    100 * regret.shareRefused())));
        }));
        System.out.println();
        System.out.println(SOURCE);
    }

    private static String seconds(double time) {
        return Double.isNaN(time) ? "–" : Long.toString(Math.round(time));
    }

    private static String json(Map<String, Map<Double, Regret>> results) {
        Map<String, Map<String, Object>> figures = new LinkedHashMap<>();
        results.forEach((policy, byRate) -> {
            Map<String, Object> rates = new LinkedHashMap<>();
            byRate.forEach((rate, regret) -> rates.put(label(rate), regret.figures()));
            figures.put(policy, rates);
        });
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(figures);
    }

    /** A rate as people write it. */
    static String label(double rate) {
        return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
    }
}
