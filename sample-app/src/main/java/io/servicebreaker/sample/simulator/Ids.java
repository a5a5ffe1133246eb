package io.servicebreaker.sample.simulator;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes ids of requests and answers. */
final class Ids {

    private final RandomGenerator random;

    Ids(RandomGenerator random) {
        this.random = random;
    }

    String next(String prefix) {
        return prefix + hex() + hex();
    }

    private String hex() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
