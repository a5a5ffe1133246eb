package io.servicebreaker.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Milliseconds that each variant took, round by round; the first variant is what the others are compared with. */
final class Timings {
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();

    void add(String variant, double taken) {
        millis.computeIfAbsent(variant, name -> new ArrayList<>()).add(taken);
    }

    void print() {
        double first = Spread.of(millis.values().iterator().next()).median();
        System.out.println("JDK " + Runtime.version());
        System.out.println("| variant | median ms | min ms | max ms | difference ms | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        millis.forEach((name, values) -> print(name, Spread.of(values), first));
    }

    private static void print(String name, Spread spread, double first) {
        double median = spread.median();
        System.out.printf(
                "| %s | %.0f | %.0f | %.0f | %+.0f | %.3f |%n",
                name, median, spread.min(), spread.max(), median - first, median / first);
    }
}
