package io.servicebreaker.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Sets the results of a whole series beside what they should be. A result that is not there is left out. */
public final class TargetTable {
    private static final List<String> PEERS =
            List.of("resilience4j", "failsafe", "smallrye", "sentinel", "hystrix", "concurrencyLimits");

    private final Path results;

    private TargetTable(Path results) {
        this.results = results;
    }

    public static void main(String[] arguments) {
        new TargetTable(Path.of(arguments[0])).print();
    }

    private void print() {
        System.out.printf("%n### Targets%n%n| figure | target | measured | |%n|---|---|---|---|%n");
        closedCall();
        refusal();
        annotatedMethod();
        programs();
    }

    private void closedCall() {
        List<Measured> alone = measured("closed-1");
        List<Measured> eight = measured("closed-8");
        atMost("breaker, × limitTimeWindow", 1.15, ratio(alone, "servicebreaker", "limitTimeWindow"));
        atMost("breaker, × fastest peer that measures time", 1, ratioToPeers(alone));
        atMost("breaker, B/op", 0, bytes(alone, "servicebreaker"));
        atMost("breaker, coarse clock, ns", 20, median(alone, "servicebreakerCoarse"));
        atMost("breaker, 8 threads, × limitClock", 1.4, ratio(eight, "servicebreaker", "limitClock"));
        atMost("breaker, 8 threads, × fastest peer that measures time", 1, ratioToPeers(eight));
        atMost(
                "whole call, ns over limitTimeWindow",
                150,
                median(alone, "servicebreakerCallAllGates") - median(alone, "limitTimeWindow"));
        atMost("whole call, B/op", 64, bytes(alone, "servicebreakerCallAllGates"));
        atMost(
                "coordination, ns more for a call",
                100,
                median(alone, "servicebreakerCallCoordinated") - median(alone, "servicebreakerCall"));
        atMost(
                "coordination, B/op more for a call",
                0,
                bytes(alone, "servicebreakerCallCoordinated") - bytes(alone, "servicebreakerCall"));
        budgets(alone, eight);
    }

    private void budgets(List<Measured> alone, List<Measured> eight) {
        String with = "servicebreakerCallBudgeted";
        String without = "servicebreakerCall";
        atMost("four budgets and rules, ns more for a call", 300, median(alone, with) - median(alone, without));
        atMost("four budgets and rules, B/op more for a call", 0, bytes(alone, with) - bytes(alone, without));
        oneBudget("servicebreakerCall", "", alone, eight);
        oneBudget("servicebreakerCallTold", ", told tokens", alone, eight);
    }

    private static void oneBudget(String call, String how, List<Measured> alone, List<Measured> eight) {
        String with = call + "OneBudget";
        atMost("one budget" + how + ", ns more for a call", 300, median(alone, with) - median(alone, call));
        atMost("one budget" + how + ", B/op more for a call", 0, bytes(alone, with) - bytes(alone, call));
        atMost(
                "one budget" + how + ", 8 threads, ns more for a call",
                1_000,
                median(eight, with) - median(eight, call));
    }

    private void refusal() {
        atMost("refusal that somebody listens to, ns", 100, median(measured("rejection"), "servicebreakerListener"));
        atMost("refusal that nobody listens to, ns", 100, median(measured("rejection"), "servicebreaker"));
    }

    private void annotatedMethod() {
        List<Measured> rows = measured("annotated");
        String own = "servicebreakerAnnotation";
        atMost("annotated method, ns over no-op advice", 150, median(rows, own) - median(rows, "noOpAdvice"));
        atMost("annotated method, B/op over no-op advice", 64, bytes(rows, own) - bytes(rows, "noOpAdvice"));
        atMost("annotated method, × Resilience4j's", 1, ratio(rows, own, "resilience4jAnnotation"));
    }

    private void programs() {
        atMost("memory of a breaker, B", 1_500, cell("memory", "servicebreaker", 1));
        atMost("memory of a breaker with failures, B", 1_500, cell("memory", "servicebreakerTroubled", 1));
        atMost("10,000 breakers, MB", 20, cell("memory", "servicebreaker", 4));
        atMost(
                "10,000 breakers, MB, after eight threads at once on each",
                20,
                cell("memory", "servicebreakerContended", 4));
        atMost("virtual threads, × without", 1.02, cell("virtual-threads", "servicebreaker", 5));
        atMost("pinned carriers", 0, cell("virtual-threads", "servicebreaker pinned", 1));
        atMost("start-up, ms more", 150, cell("startup", "servicebreaker", 4));
        atMost("event to decision, ms, 99 %", 10, cell("coordination", "failure to refusal", 2));
    }

    private static void atMost(String figure, double target, double measured) {
        if (!Double.isNaN(measured)) {
            boolean met = Math.round(measured * 1000) <= Math.round(target * 1000);
            System.out.printf(
                    Locale.ROOT, "| %s | ≤ %.5g | %.3f | %s |%n", figure, target, measured, met ? "met" : "missed");
        }
    }

    /** Only Failsafe's breaker alone, without its executor, measures no time. */
    private static double ratioToPeers(List<Measured> rows) {
        double fastest = rows.stream()
                .filter(row -> PEERS.stream().anyMatch(row.name()::startsWith))
                .filter(row -> !row.name().endsWith("Standalone"))
                .mapToDouble(Measured::median)
                .min()
                .orElse(Double.NaN);
        return median(rows, "servicebreaker") / fastest;
    }

    private static double ratio(List<Measured> rows, String own, String other) {
        return median(rows, own) / median(rows, other);
    }

    private static double median(List<Measured> rows, String name) {
        return named(rows, name).mapToDouble(Measured::median).findFirst().orElse(Double.NaN);
    }

    /** The profiler counts what the harness allocates too: a fraction of a byte for each call. */
    private static double bytes(List<Measured> rows, String name) {
        return named(rows, name)
                .mapToDouble(row -> Math.rint(row.bytes()))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static Stream<Measured> named(List<Measured> rows, String name) {
        return rows.stream().filter(row -> row.name().equals(name));
    }

    private List<Measured> measured(String result) {
        Path file = results.resolve(result + ".json");
        return Files.exists(file)
                ? new JsonMapper()
                        .readTree(file).values().stream().map(Measured::of).toList()
                : List.of();
    }

    /** A number in a table that a program has printed; the first column, which names the row, is column 0. */
    private double cell(String result, String row, int column) {
        Path file = results.resolve(result + ".txt");
        if (!Files.exists(file)) {
            return Double.NaN;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("| " + row + " |"))
                    .map(line -> line.split("\\|", -1)[column + 1].strip().replace(",", ""))
                    .mapToDouble(Double::parseDouble)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
