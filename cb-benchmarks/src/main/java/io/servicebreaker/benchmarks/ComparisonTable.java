package io.servicebreaker.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Renders JMH's JSON results as Markdown: fastest first, each beside the floors of the same run. */
public final class ComparisonTable {
    private static final List<String> FLOORS = List.of("limitClock", "limitTimeWindow", "noOpAdvice");

    private ComparisonTable() {}

    public static void main(String[] files) {
        if (files.length == 0) {
            System.err.println("usage: compare RESULT.json...");
            System.exit(2);
        }
        JsonMapper json = new JsonMapper();
        Map<String, List<Measured>> sections = Stream.of(files)
                .flatMap(file -> json.readTree(Path.of(file)).values().stream())
                .map(Measured::of)
                .collect(Collectors.groupingBy(Measured::section, TreeMap::new, Collectors.toList()));
        sections.forEach(ComparisonTable::print);
    }

    private static void print(String section, List<Measured> rows) {
        List<Measured> floors = FLOORS.stream()
                .flatMap(floor -> rows.stream().filter(row -> row.name().equals(floor)))
                .toList();
        System.out.printf("%n### %s%n%n", section);
        System.out.println(line(header(rows.get(0), floors)));
        System.out.println("|---" + "|---".repeat(header(rows.get(0), floors).size() - 1) + "|");
        rows.stream()
                .sorted(Comparator.comparingDouble(Measured::median))
                .forEach(row -> System.out.println(line(cells(row, floors))));
    }

    private static List<String> header(Measured row, List<Measured> floors) {
        List<String> header = new ArrayList<>(List.of("benchmark", "median " + row.unit(), "spread"));
        row.percentiles().keySet().forEach(percentile -> header.add("p" + percentile));
        header.add("B/op");
        floors.forEach(floor -> header.add("× " + floor.name()));
        return header;
    }

    private static List<String> cells(Measured row, List<Measured> floors) {
        List<String> cells = new ArrayList<>(List.of(row.name(), Measured.number(row.median()), row.spread()));
        row.percentiles().values().forEach(value -> cells.add(Measured.number(value)));
        cells.add(Double.isNaN(row.bytes()) ? "–" : "%.0f".formatted(row.bytes()));
        for (Measured floor : floors) {
            cells.add("%.2f (%+.0f)".formatted(row.median() / floor.median(), row.median() - floor.median()));
        }
        return cells;
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }
}
