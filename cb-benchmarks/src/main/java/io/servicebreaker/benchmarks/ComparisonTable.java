package io.servicebreaker.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
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
        List<String> cells = new ArrayList<>(List.of(row.name(), number(row.median()), row.spread()));
        row.percentiles().values().forEach(value -> cells.add(number(value)));
        cells.add(Double.isNaN(row.bytes()) ? "–" : "%.0f".formatted(row.bytes()));
        for (Measured floor : floors) {
            cells.add("%.2f (%+.0f)".formatted(row.median() / floor.median(), row.median() - floor.median()));
        }
        return cells;
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String number(double value) {
        return value < 10 ? "%.1f".formatted(value) : "%,.0f".formatted(value);
    }

    /** One benchmark's result, with every iteration of every fork behind it. */
    private record Measured(
            String section,
            String name,
            String unit,
            double median,
            String spread,
            Map<Double, Double> percentiles,
            double bytes) {

        static Measured of(JsonNode result) {
            String benchmark = result.path("benchmark").asString();
            int method = benchmark.lastIndexOf('.');
            int type = benchmark.lastIndexOf('.', method - 1);
            JsonNode metric = result.path("primaryMetric");
            boolean sampled = result.path("mode").asString().equals("sample");
            JsonNode percentiles = metric.path("scorePercentiles");
            Spread spread = sampled ? ends(percentiles) : iterations(metric);
            return new Measured(
                    section(benchmark.substring(type + 1, method), result),
                    benchmark.substring(method + 1),
                    metric.path("scoreUnit").asString(),
                    spread.median(),
                    number(spread.min()) + " to " + number(spread.max()),
                    sampled ? tail(percentiles) : Map.of(),
                    allocation(result));
        }

        private static String section(String type, JsonNode result) {
            return "%s, %s, %d threads, %d forks of %d × %s, JDK %s"
                    .formatted(
                            type,
                            result.path("mode").asString(),
                            result.path("threads").asInt(),
                            result.path("forks").asInt(),
                            result.path("measurementIterations").asInt(),
                            result.path("measurementTime").asString(),
                            result.path("jdkVersion").asString());
        }

        private static Spread iterations(JsonNode metric) {
            return Spread.of(metric.path("rawData").values().stream()
                    .flatMap(fork -> fork.values().stream())
                    .map(JsonNode::asDouble)
                    .toList());
        }

        private static Spread ends(JsonNode percentiles) {
            return new Spread(at(percentiles, "0.0"), at(percentiles, "50.0"), at(percentiles, "100.0"));
        }

        private static Map<Double, Double> tail(JsonNode percentiles) {
            Map<Double, Double> tail = new TreeMap<>();
            for (String percentile : List.of("90.0", "99.0", "99.9", "99.99")) {
                tail.put(Double.valueOf(percentile), at(percentiles, percentile));
            }
            return tail;
        }

        private static double at(JsonNode percentiles, String percentile) {
            return percentiles.path(percentile).asDouble();
        }

        private static double allocation(JsonNode result) {
            return result.path("secondaryMetrics")
                    .path("gc.alloc.rate.norm")
                    .path("score")
                    .asDouble(Double.NaN);
        }
    }
}
