package io.servicebreaker.benchmarks.replay;

import io.servicebreaker.benchmarks.replay.Resilience4jPolicy.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Searches for the static settings with which Resilience4j does best: random ones, each over all rates.
 *
 * <p>Arguments: the file of episodes and the number of settings to try.
 */
public final class Resilience4jSearch {

    /**
     * The best that we know for each rate and for all of them: of 260 settings that this program has tried with some of the
     * episodes until 2023, and for 0.05 calls and 1 call a second better ones that were found by hand.
     */
    static final Map<String, Settings> BEST = best();

    private static final double[] RATES = {0.05, 1, 50};
    private static final int[] STRIDES = {1, 6, 32};

    private Resilience4jSearch() {}

    private static Map<String, Settings> best() {
        Map<String, Settings> best = new LinkedHashMap<>();
        best.put("0.05", new Settings(true, 300, 3, 50, 30, 50, 60, 1));
        best.put("1", new Settings(true, 120, 20, 50, 30, 90, 60, 3));
        best.put("50", new Settings(true, 120, 10, 50, 30, 90, 2, 2));
        best.put("all", new Settings(true, 120, 10, 50, 30, 90, 2, 2));
        return best;
    }

    public static void main(String[] arguments) throws IOException {
        List<Episode> episodes = EpisodeFile.read(Path.of(arguments[0]));
        int tries = Integer.parseInt(arguments[1]);
        List<Replay> replays = new ArrayList<>();
        double[] without = new double[RATES.length];
        for (int i = 0; i < RATES.length; i++) {
            replays.add(new Replay(episodes, RATES[i], STRIDES[i], 1));
            without[i] = replays.get(i).run(Policies.ALLOWING).lost();
        }
        double[] least = {2, 2, 2, 2};
        SplittableRandom luck = new SplittableRandom(1);
        for (int i = 0; i < tries; i++) {
            Settings settings = random(luck);
            Policy policy = new Resilience4jPolicy(settings::builder);
            double sum = 0;
            for (int rate = 0; rate < RATES.length; rate++) {
                double regret = replays.get(rate).run(policy).lost() / without[rate];
                sum += regret / RATES.length;
                report("for " + RATES[rate], regret, rate, least, settings);
            }
            report("for all", sum, RATES.length, least, settings);
        }
    }

    private static void report(String goal, double regret, int index, double[] least, Settings settings) {
        if (regret < least[index]) {
            least[index] = regret;
            System.out.printf(Locale.ROOT, "%s %.3f %s%n", goal, regret, settings);
        }
    }

    private static Settings random(SplittableRandom luck) {
        int window = pick(luck, 5, 10, 20, 30, 60, 100, 200, 300, 600);
        return new Settings(
                luck.nextBoolean(),
                window,
                Math.min(window, pick(luck, 1, 2, 3, 5, 10, 20, 50, 100, 200)),
                pick(luck, 20, 30, 40, 50, 60, 70, 80),
                pick(luck, 10, 20, 30, 45, 60),
                pick(luck, 30, 50, 70, 90, 100),
                pick(luck, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600),
                pick(luck, 1, 2, 3, 5, 10));
    }

    private static int pick(SplittableRandom luck, int... choices) {
        return choices[luck.nextInt(choices.length)];
    }
}
