package io.servicebreaker.call;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The hints of all levels. What a level suggests holds for those above it too, unless they say otherwise. Immutable. */
public final class DegradationSteps {

    private static final DegradationLevel[] LEVELS = DegradationLevel.values();

    /** Suggest nothing. */
    public static final DegradationSteps NONE = of(Map.of());

    private final DegradationHints[] byLevel;

    private DegradationSteps(DegradationHints[] byLevel) {
        this.byLevel = byLevel;
    }

    /**
     * Creates them.
     *
     * @param suggestions what each level adds or replaces, by name
     */
    public static DegradationSteps of(Map<DegradationLevel, ? extends Map<String, String>> suggestions) {
        DegradationHints[] byLevel = new DegradationHints[LEVELS.length];
        Map<String, String> known = new HashMap<>();
        for (DegradationLevel level : LEVELS) {
            Map<String, String> own = suggestions.get(level);
            if (own != null) {
                known.putAll(own);
            }
            byLevel[level.step()] = new DegradationHints(level, known);
        }
        return new DegradationSteps(byLevel);
    }

    /** These and, of other names or below the first level of theirs, those of another. */
    public DegradationSteps over(DegradationSteps weaker) {
        DegradationHints[] both = new DegradationHints[LEVELS.length];
        for (DegradationLevel level : LEVELS) {
            Map<String, String> all = new HashMap<>(weaker.at(level).values());
            all.putAll(at(level).values());
            both[level.step()] = new DegradationHints(level, all);
        }
        return new DegradationSteps(both);
    }

    /** These but for one name. */
    public DegradationSteps without(String name) {
        Map<DegradationLevel, Map<String, String>> others = new EnumMap<>(DegradationLevel.class);
        for (DegradationHints hints : byLevel) {
            Map<String, String> values = new HashMap<>(hints.values());
            values.remove(name);
            others.put(hints.level(), values);
        }
        return of(others);
    }

    /** What is suggested at a level. */
    public DegradationHints at(DegradationLevel level) {
        return byLevel[level.step()];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DegradationSteps steps && Arrays.equals(byLevel, steps.byLevel);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(byLevel);
    }

    @Override
    public String toString() {
        return Arrays.toString(byLevel);
    }
}
