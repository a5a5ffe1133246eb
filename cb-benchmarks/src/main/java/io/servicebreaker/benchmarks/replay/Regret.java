package io.servicebreaker.benchmarks.replay;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a policy has lost at one rate, as a share of what is lost without any: 0 is an oracle's, and above 1 it would be
 * better to have none.
 *
 * @param parts in the same unit, by what
 * @param secondsToOpen median
 * @param secondsToClose median
 * @param shareRefused of all calls
 */
record Regret(
        double regret,
        Map<Tally.Part, Double> parts,
        double secondsToOpen,
        double secondsToClose,
        double shareRefused) {

    static Regret of(Tally tally, Tally withoutAny) {
        Map<Tally.Part, Double> parts = new LinkedHashMap<>();
        for (Tally.Part part : Tally.Part.values()) {
            parts.put(part, tally.lost(part) / withoutAny.lost());
        }
        return new Regret(
                tally.lost() / withoutAny.lost(),
                parts,
                tally.secondsToOpen(),
                tally.secondsToClose(),
                tally.shareRefused());
    }

    /** By name, as in the JSON; a time that is not known is left out. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("regret", regret);
        parts.forEach((part, share) -> figures.put(part.name().toLowerCase(Locale.ROOT), share));
        if (!Double.isNaN(secondsToOpen)) {
            figures.put("secondsToOpen", secondsToOpen);
            figures.put("secondsToClose", secondsToClose);
        }
        figures.put("shareRefused", shareRefused);
        return figures;
    }
}
