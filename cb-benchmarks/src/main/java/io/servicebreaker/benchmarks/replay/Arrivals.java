package io.servicebreaker.benchmarks.replay;

import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;

/** When the calls of one service come in one episode: the same for each policy. */
final class Arrivals {

    private final Episode.Service service;
    private final double rate;
    private final SplittableRandom luck;
    private final Random normals;
    private int index;
    private double next;

    /**
     * Begins with the first call.
     *
     * @param rate calls a second
     */
    Arrivals(Episode episode, Episode.Service service, double rate, long seed) {
        this.service = service;
        this.rate = rate;
        long own = Objects.hash(episode.id(), service.name(), rate);
        this.luck = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + own);
        this.normals = new Random(luck.nextLong());
        this.next = service.stretches().get(0).from();
        advance();
    }

    /** Seconds since the episode began; infinite if no more come. */
    double next() {
        return next < service.end() ? next : Double.POSITIVE_INFINITY;
    }

    /** Moves on to the following call. */
    void advance() {
        next -= Math.log(1 - luck.nextDouble()) / rate;
        while (index < service.stretches().size() - 1
                && next >= service.stretches().get(index).to()) {
            index++;
        }
    }

    /** Number of the stretch that the next call falls into. */
    int stretch() {
        return index;
    }

    /** The chance of the next call; to be asked once for each, whether it is let through or not. */
    Stretch.Draw draw() {
        return new Stretch.Draw(luck.nextDouble(), luck.nextDouble(), normals.nextGaussian());
    }
}
