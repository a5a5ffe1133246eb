package io.servicebreaker.benchmarks.replay;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the program is asked to do.
 *
 * @param rates calls a second
 * @param stride50 of the episodes at 50 calls a second and more, every how many-th is replayed
 * @param policies names, or {@code all}
 * @param json where the figures go, or null
 * @param svg directory where plots go, or null
 */
record Arguments(
        Path episodes,
        List<Double> rates,
        int stride50,
        long seed,
        List<String> policies,
        @Nullable Path json,
        @Nullable Path svg) {

    static final String USAGE =
            "usage: java -jar incident-replay.jar --episodes FILE [--rates 0.05,1,50] [--stride50 16]"
                    + " [--seed 1] [--policies all] [--json FILE] [--svg DIR]";

    private static final Set<String> KNOWN =
            Set.of("--episodes", "--rates", "--stride50", "--seed", "--policies", "--json", "--svg");

    /** @throws IllegalArgumentException that says what is wrong */
    static Arguments parse(String... words) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            if (!KNOWN.contains(words[i])) {
                throw new IllegalArgumentException("unknown option " + words[i]);
            }
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + " has no value");
            }
            given.put(words[i], words[i + 1]);
        }
        String episodes = given.get("--episodes");
        if (episodes == null) {
            throw new IllegalArgumentException("--episodes is missing");
        }
        return new Arguments(
                Path.of(episodes),
                list(given.getOrDefault("--rates", "0.05,1,50")).stream()
                        .map(rate -> positive("--rates", rate))
                        .toList(),
                whole("--stride50", given.getOrDefault("--stride50", "16")),
                whole("--seed", given.getOrDefault("--seed", "1")),
                list(given.getOrDefault("--policies", "all")),
                path(given.get("--json")),
                path(given.get("--svg")));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).toList();
    }

    private static double positive(String option, String text) {
        double number = number(text);
        if (!(number > 0 && number < Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(option + " is " + text + ", allowed are numbers above 0");
        }
        return number;
    }

    private static int whole(String option, String text) {
        double number = number(text);
        if (!(number >= 1 && number < Integer.MAX_VALUE && number == Math.rint(number))) {
            throw new IllegalArgumentException(option + " is " + text + ", allowed are whole numbers from 1");
        }
        return (int) number;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    int stride(double rate) {
        return rate >= 50 ? stride50 : 1;
    }

    /**
     * The policies that are asked for.
     *
     * @throws IllegalArgumentException if there is one that is not known
     */
    Map<String, Policy> chosen(Map<String, Policy> all) {
        if (policies.equals(List.of("all"))) {
            return all;
        }
        Map<String, Policy> chosen = new LinkedHashMap<>();
        for (String name : policies) {
            Policy policy = all.get(name);
            if (policy == null) {
                throw new IllegalArgumentException(
                        "unknown policy " + name + ", known are " + String.join(", ", all.keySet()));
            }
            chosen.put(name, policy);
        }
        return chosen;
    }
}
