package io.servicebreaker.benchmarks.replay;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A bar for each policy, made up of what it has lost by what, as a picture in SVG. */
final class RegretChart {

    private static final int WIDTH = 900;
    private static final int LEFT = 210;
    private static final int TOP = 70;
    private static final int ROW = 26;
    private static final int BAR = 18;
    private static final int MARGIN = 70;

    /** Bars that are longer are cut off; their figure is beside them. */
    private static final double LONGEST = 1.6;

    /** Distinct also to people who see few colours. Source: M. Okabe, K. Ito, Color Universal Design, 2008. */
    private static final Map<Tally.Part, String> COLOURS = new EnumMap<>(Map.of(
            Tally.Part.DETECT, "#0072B2",
            Tally.Part.LEAK, "#56B4E9",
            Tally.Part.BENIGN, "#009E73",
            Tally.Part.FALSE, "#D55E00",
            Tally.Part.MILD, "#E69F00",
            Tally.Part.LATE, "#CC79A7"));

    private final StringBuilder svg = new StringBuilder();

    private RegretChart() {}

    /** The chart for one rate. */
    static String of(Map<String, Map<Double, Regret>> results, double rate, String source) {
        Map<String, Regret> bars = new LinkedHashMap<>();
        results.forEach((policy, byRate) -> bars.put(policy, Objects.requireNonNull(byRate.get(rate))));
        return new RegretChart().draw(bars, rate, source);
    }

    private String draw(Map<String, Regret> bars, double rate, String source) {
        int bottom = TOP + ROW * bars.size();
        int height = bottom + 50;
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n",
                WIDTH, height, WIDTH, height));
        String title = "Regret at " + IncidentReplay.label(rate) + " calls a second (oracle = 0, no breaker = 1)";
        text(20, 24, "start", title);
        legend();
        for (double tick = 0; tick <= LONGEST; tick += 0.25) {
            line(x(tick), TOP - 6, bottom, tick == 1 ? "#666" : "#ddd");
            text(x(tick), bottom + 16, "middle", String.format(Locale.ROOT, "%.2f", tick));
        }
        int y = TOP;
        for (Map.Entry<String, Regret> bar : bars.entrySet()) {
            bar(bar.getKey(), bar.getValue(), y);
            y += ROW;
        }
        text(20, height - 10, "start", source);
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        double x = LEFT;
        for (Map.Entry<Tally.Part, String> part : COLOURS.entrySet()) {
            rectangle(x, 38, 12, 12, part.getValue());
            text(x + 17, 48, "start", part.getKey().name().toLowerCase(Locale.ROOT));
            x += 85;
        }
    }

    private void bar(String policy, Regret regret, int y) {
        text(LEFT - 10, y + 13, "end", policy);
        double from = 0;
        for (Map.Entry<Tally.Part, Double> part : regret.parts().entrySet()) {
            double to = Math.min(LONGEST, from + part.getValue());
            rectangle(x(from), y, x(to) - x(from), BAR, Objects.requireNonNull(COLOURS.get(part.getKey())));
            from = to;
        }
        text(x(from) + 6, y + 13, "start", String.format(Locale.ROOT, "%.3f", regret.regret()));
    }

    private static double x(double regret) {
        return LEFT + regret / LONGEST * (WIDTH - LEFT - MARGIN);
    }

    private void rectangle(double x, double y, double width, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                height,
                colour));
    }

    private void line(double x, double from, double to, String colour) {
        svg.append(String.format(Locale.ROOT, "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\"/>%n", x, from, to, colour));
    }

    private void text(double x, double y, String anchor, String words) {
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, words));
    }
}
