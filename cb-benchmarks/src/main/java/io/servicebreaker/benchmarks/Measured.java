package io.servicebreaker.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** One benchmark's result, with every iteration of every fork behind it. */
record Measured(
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

    static String number(double value) {
        return value < 10 ? "%.1f".formatted(value) : "%,.0f".formatted(value);
    }
}
