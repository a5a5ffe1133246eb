package io.servicebreaker.sample.simulator;

import java.util.List;

/**
 * One recorded incident, with the time before and after it.
 *
 * @param source the real service it was recorded at, as in {@code openai API}
 * @param stretches in order of time, without holes
 */
record Episode(String id, String source, List<Stretch> stretches) {

    Episode {
        stretches = List.copyOf(stretches);
    }

    double seconds() {
        return stretches.get(stretches.size() - 1).toSecond();
    }

    Stretch at(double second) {
        for (Stretch stretch : stretches) {
            if (second < stretch.toSecond()) {
                return stretch;
            }
        }
        return stretches.get(stretches.size() - 1);
    }
}
