package io.servicebreaker.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Milliseconds that each variant took, round by round; the first variant is what the others are compared with.
 *
 * <p>They are compared within each round, and the median of the rounds counts: a minute in which the machine is slow
 * then hits both sides.
 */
final class Timings {
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();

    void add(String variant, double taken) {
        millis.computeIfAbsent(variant, name -> new ArrayList<>()).add(taken);
    }

    void print() {
        List<Double> first = millis.values().iterator().next();
        System.out.println("JDK " + Runtime.version());
        System.out.println("| variant | median ms | min ms | max ms | difference ms | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        millis.forEach((name, values) -> print(name, values, first));
    }

    private static void print(String name, List<Double> values, List<Double> first) {
        Spread spread = Spread.of(values);
        System.out.printf(
                "| %s | %.0f | %.0f | %.0f | %+.0f | %.3f |%n",
                name,
                spread.median(),
                spread.min(),
                spread.max(),
                byRound(values, first, (own, other) -> own - other),
                byRound(values, first, (own, other) -> own / other));
    }

    private static double byRound(List<Double> values, List<Double> first, DoubleBinaryOperator compare) {
        return Spread.of(IntStream.range(0, values.size())
                        .mapToObj(round -> compare.applyAsDouble(values.get(round), first.get(round)))
                        .toList())
                .median();
    }
}
