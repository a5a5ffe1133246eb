package io.servicebreaker.adaptive;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What became of the calls of one service in one hour, in few bytes: its minutes, and what they are together, of the service and
 * of each model. Minutes in which nothing happened take none. Immutable.
 */
public final class HourBlock {

    /** Nothing happened. */
    public static final HourBlock EMPTY = new HourBlock(new byte[0], new byte[0]);

    private final byte[] minutes;
    private final byte[] totals;

    private HourBlock(byte[] minutes, byte[] totals) {
        this.minutes = minutes;
        this.totals = totals;
    }

    /**
     * One that was kept.
     *
     * @param minutes what {@link #minutes()} gave
     * @param totals what {@link #totals()} gave
     */
    public static HourBlock of(byte[] minutes, byte[] totals) {
        return new HourBlock(minutes.clone(), totals.clone());
    }

    /** When the hour of a minute began. */
    public static Instant hour(Instant at) {
        return at.truncatedTo(ChronoUnit.HOURS);
    }

    /** Its minutes, for whoever keeps it. */
    public byte[] minutes() {
        return minutes.clone();
    }

    /** What they are together, likewise. */
    public byte[] totals() {
        return totals.clone();
    }

    /**
     * This with more minutes of its service and hour. One that is there already is added to what is there.
     *
     * @throws IllegalArgumentException if they are of several hours
     */
    public HourBlock plus(List<CallMinute> more) {
        NavigableMap<Integer, Map<String, long[]>> all = read(minutes);
        NavigableMap<Integer, Map<String, long[]>> together = read(totals);
        for (CallMinute minute : more) {
            Instant hour = hour(more.get(0).start());
            int place = (int) Duration.between(hour, minute.start()).toMinutes();
            if (minute.start().isBefore(hour) || place >= Duration.ofHours(1).toMinutes()) {
                throw new IllegalArgumentException(minute.start() + " is not in the hour of " + hour);
            }
            add(all, place, minute.model(), MinuteNumbers.of(minute));
            add(together, 0, minute.model(), MinuteNumbers.of(minute));
        }
        return more.isEmpty() ? this : new HourBlock(HourCode.write(all), HourCode.write(together));
    }

    /** This and another of the same service and hour together. */
    public HourBlock plus(HourBlock other) {
        return new HourBlock(together(minutes, other.minutes), together(totals, other.totals));
    }

    private static byte[] together(byte[] one, byte[] other) {
        if (one.length == 0 || other.length == 0) {
            return one.length == 0 ? other : one;
        }
        NavigableMap<Integer, Map<String, long[]>> sums = read(one);
        read(other).forEach((place, minute) -> minute.forEach((model, numbers) -> add(sums, place, model, numbers)));
        return HourCode.write(sums);
    }

    private static void add(NavigableMap<Integer, Map<String, long[]>> to, int place, String model, long[] added) {
        to.computeIfAbsent(place, start -> new TreeMap<>()).merge(model, added, (sums, numbers) -> {
            MinuteNumbers.add(sums, numbers);
            return sums;
        });
    }

    /** This without its minutes: only what they are together. */
    HourBlock withoutMinutes() {
        return new HourBlock(EMPTY.minutes, totals);
    }

    /** Bytes that its minutes take. */
    int minutesSize() {
        return minutes.length;
    }

    /** Bytes that what they are together takes. */
    int totalsSize() {
        return totals.length;
    }

    private static NavigableMap<Integer, Map<String, long[]>> read(byte[] written) {
        return written.length == 0 ? new TreeMap<>() : HourCode.read(written);
    }

    /** Reads its minutes in the order of time, in each the service first. */
    public void readMinutes(String service, Instant hour, Consumer<CallMinute> reader) {
        read(service, hour, minutes, reader);
    }

    /** Reads what its minutes are together, the service first. */
    public void readTotals(String service, Instant hour, Consumer<CallMinute> reader) {
        read(service, hour, totals, reader);
    }

    private static void read(String service, Instant hour, byte[] written, Consumer<CallMinute> reader) {
        read(written).forEach((place, minute) -> {
            Instant start = hour.plus(Duration.ofMinutes(place));
            minute.forEach((model, numbers) -> reader.accept(MinuteNumbers.minute(service, model, start, numbers)));
        });
    }
}
